package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/**
 * Dates as jq has them: seconds since 1970, ISO 8601 texts, and "broken down" arrays {@code [year, month 0–11, day, hours, minutes,
 * seconds, weekday 0–6, day of year 0–365]} in UTC.
 */
final class DateFunctions {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT);

    /** {@code 2026-01-31T10:00:00.5Z}, and what is near: without seconds, +0100, without an offset. */
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT);

    private DateFunctions() {}

    static void addTo(Library library) {
        library.add("now", 0, (in, args) -> seconds(Instant.now().truncatedTo(ChronoUnit.MICROS)));
        library.add("now_iso", 0, (in, args) -> iso(Instant.now().truncatedTo(ChronoUnit.MILLIS)));
        library.add(
                "todateiso8601", 0, (in, args) -> TextNode.valueOf(SECONDS.format(time("todate", in, ZoneOffset.UTC))));
        library.add("dateiso8601", 0, (in, args) -> TextNode.valueOf(SECONDS.format(time("date", in, ZoneOffset.UTC))));
        library.add("fromdateiso8601", 0, (in, args) -> seconds(instant(CoreFunctions.text("fromdate", in))));
        library.add("strptime", 1, (in, args) -> strptime(in, CoreFunctions.text("strptime", args.get(0))));
        library.add("strftime", 1, (in, args) -> strftime("strftime", in, args.get(0), ZoneOffset.UTC));
        library.add(
                "strflocaltime", 1, (in, args) -> strftime("strflocaltime", in, args.get(0), ZoneId.systemDefault()));
        library.add(
                "mktime",
                0,
                (in, args) -> Numbers.integer(
                        BigInteger.valueOf(time("mktime", CoreFunctions.array("mktime", in), ZoneOffset.UTC)
                                .toEpochSecond())));
        library.add("gmtime", 0, (in, args) -> broken(time("gmtime", in, ZoneOffset.UTC)));
        library.add("localtime", 0, (in, args) -> broken(time("localtime", in, ZoneId.systemDefault())));
        library.add("dateadd", 2, (in, args) -> add("dateadd", in, args.get(0), args.get(1), 1));
        library.add("datesub", 2, (in, args) -> add("datesub", in, args.get(0), args.get(1), -1));
    }

    private static JsonNode iso(Instant instant) {
        return TextNode.valueOf(DateTimeFormatter.ISO_INSTANT.format(instant));
    }

    private static JsonNode seconds(Instant instant) {
        if (instant.getNano() == 0) {
            return Numbers.integer(BigInteger.valueOf(instant.getEpochSecond()));
        }
        return Numbers.parse(BigDecimal.valueOf(instant.getEpochSecond())
                .add(BigDecimal.valueOf(instant.getNano(), 9))
                .stripTrailingZeros()
                .toPlainString());
    }

    private static Instant ofSeconds(JsonNode number) throws JsonQueryException {
        try {
            BigDecimal value = number.decimalValue();
            long whole = value.setScale(0, RoundingMode.FLOOR).longValueExact();
            return Instant.ofEpochSecond(
                    whole,
                    value.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue());
        } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
            throw Failing.error(Json.shown(number) + " is not a time in seconds");
        }
    }

    /** An ISO 8601 text: with Z or an offset, without either (UTC), or a date alone (midnight UTC). */
    private static Instant instant(String text) throws JsonQueryException {
        Temporal temporal = temporal(text);
        return temporal instanceof OffsetDateTime time
                ? time.toInstant()
                : temporal instanceof LocalDateTime local
                        ? local.toInstant(ZoneOffset.UTC)
                        : ((LocalDate) temporal).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private static Temporal temporal(String text) throws JsonQueryException {
        try {
            String iso = text.strip().replaceFirst("^(\\d{4}-\\d\\d-\\d\\d) (?=\\d)", "$1T");
            if (iso.length() <= 10) {
                return LocalDate.parse(iso);
            }
            return (Temporal) ISO.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
        } catch (DateTimeException e) {
            throw Failing.error("\"" + Json.shorten(text, 60) + "\" is not an ISO 8601 date");
        }
    }

    private static ZonedDateTime time(String function, JsonNode in, ZoneId zone) throws JsonQueryException {
        if (in.isNumber()) {
            return ofSeconds(in).atZone(zone);
        }
        if (in.isArray() && in.size() >= 6) {
            return ofBroken(in, zone);
        }
        throw Failing.error("`" + function + "` takes seconds since 1970 or a broken down time, not " + Json.shown(in));
    }

    private static ZonedDateTime ofBroken(JsonNode in, ZoneId zone) throws JsonQueryException {
        for (JsonNode part : in) {
            MathFunctions.number("mktime", part);
        }
        double seconds = in.get(5).doubleValue();
        return LocalDateTime.of(in.get(0).intValue(), 1, 1, 0, 0)
                .plusMonths(in.get(1).intValue())
                .plusDays(in.get(2).intValue() - 1L)
                .plusHours(in.get(3).intValue())
                .plusMinutes(in.get(4).intValue())
                .plusNanos(Math.round(seconds * 1e9))
                .atZone(zone);
    }

    private static JsonNode broken(ZonedDateTime time) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        parts.add(time.getYear()).add(time.getMonthValue() - 1).add(time.getDayOfMonth());
        parts.add(time.getHour()).add(time.getMinute());
        parts.add(Numbers.of(time.getSecond() + time.getNano() / 1e9));
        return parts.add(time.getDayOfWeek().getValue() % 7).add(time.getDayOfYear() - 1);
    }

    private static JsonNode strftime(String function, JsonNode in, JsonNode format, ZoneId zone)
            throws JsonQueryException {
        ZonedDateTime time = time(function, in, zone);
        return TextNode.valueOf(
                DateFormat.printing(CoreFunctions.text(function, format)).format(time));
    }

    private static JsonNode strptime(JsonNode in, String format) throws JsonQueryException {
        String text = CoreFunctions.text("strptime", in);
        try {
            TemporalAccessor parsed = DateFormat.parsing(format).parse(text);
            if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
                return broken(Instant.from(parsed).atZone(ZoneOffset.UTC));
            }
            LocalDate date = parsed.query(TemporalQueries.localDate());
            LocalTime time = parsed.query(TemporalQueries.localTime());
            LocalDateTime whole = LocalDateTime.of(
                    date == null ? LocalDate.of(1900, 1, 1) : date, time == null ? LocalTime.MIDNIGHT : time);
            return broken(whole.atZone(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw Failing.error("date \"" + Json.shorten(text, 60) + "\" does not match format \"" + format + "\"");
        }
    }

    /** Seconds stay seconds; a text stays a text of its kind: a date alone, with its offset, or without one. */
    private static JsonNode add(String function, JsonNode in, JsonNode unit, JsonNode count, int sign)
            throws JsonQueryException {
        ChronoUnit step = unit(CoreFunctions.text(function, unit));
        long amount = sign * Math.round(MathFunctions.number(function, count));
        try {
            if (in.isNumber()) {
                return seconds(
                        ofSeconds(in).atZone(ZoneOffset.UTC).plus(amount, step).toInstant());
            }
            Temporal temporal = temporal(CoreFunctions.text(function, in));
            boolean needsTime = temporal instanceof LocalDate && step.isTimeBased();
            Temporal from = needsTime ? ((LocalDate) temporal).atStartOfDay().atOffset(ZoneOffset.UTC) : temporal;
            return TextNode.valueOf(shown(from.plus(amount, step)));
        } catch (DateTimeException | ArithmeticException e) {
            throw Failing.error("`" + function + "` of " + Json.shown(in) + ": the result is out of range");
        }
    }

    private static String shown(Temporal temporal) {
        return temporal instanceof OffsetDateTime time
                ? DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time)
                : temporal instanceof LocalDateTime local
                        ? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local)
                        : temporal.toString();
    }

    private static ChronoUnit unit(String name) throws JsonQueryException {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "second", "seconds", "s" -> ChronoUnit.SECONDS;
            case "minute", "minutes", "m" -> ChronoUnit.MINUTES;
            case "hour", "hours", "h" -> ChronoUnit.HOURS;
            case "day", "days", "d" -> ChronoUnit.DAYS;
            case "week", "weeks", "w" -> ChronoUnit.WEEKS;
            case "month", "months" -> ChronoUnit.MONTHS;
            case "year", "years" -> ChronoUnit.YEARS;
            default ->
                throw Failing.error("\"" + name
                        + "\" is no unit of time. Write seconds, minutes, hours, days, weeks, months or years");
        };
    }
}
