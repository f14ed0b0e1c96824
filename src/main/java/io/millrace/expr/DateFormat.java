package io.millrace.expr;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** The formats of C's strftime and strptime as formatters of java.time, in English. */
final class DateFormat {
    private final String format;
    private final boolean parsing;
    private final DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();

    private DateFormat(String format, boolean parsing) {
        this.format = format;
        this.parsing = parsing;
    }

    static DateTimeFormatter printing(String format) throws JsonQueryException {
        return new DateFormat(format, false).build();
    }

    static DateTimeFormatter parsing(String format) throws JsonQueryException {
        return new DateFormat(format, true).build();
    }

    private DateTimeFormatter build() throws JsonQueryException {
        boolean glued = false;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                builder.appendLiteral(c);
                glued = false;
            } else if (i + 1 == format.length()) {
                throw Failing.error("the date format ends in `%`. For a percent sign write `%%`");
            } else {
                i++;
                boolean next = i + 1 < format.length() && format.charAt(i + 1) == '%';
                append(format.charAt(i), glued || next);
                glued = true;
            }
        }
        return builder.toFormatter(Locale.ENGLISH);
    }

    private void append(char directive, boolean glued) throws JsonQueryException {
        switch (directive) {
            case 'Y' -> builder.appendValue(ChronoField.YEAR, 4);
            case 'y' -> builder.appendValueReduced(ChronoField.YEAR, 2, 2, 1969);
            case 'm' -> two(ChronoField.MONTH_OF_YEAR, glued);
            case 'd' -> two(ChronoField.DAY_OF_MONTH, glued);
            case 'e' -> builder.padNext(2).appendValue(ChronoField.DAY_OF_MONTH, 1, 2, SignStyle.NOT_NEGATIVE);
            case 'j' -> builder.appendValue(ChronoField.DAY_OF_YEAR, 3);
            case 'H' -> two(ChronoField.HOUR_OF_DAY, glued);
            case 'I' -> two(ChronoField.CLOCK_HOUR_OF_AMPM, glued);
            case 'p' -> builder.appendText(ChronoField.AMPM_OF_DAY);
            case 'M' -> two(ChronoField.MINUTE_OF_HOUR, glued);
            case 'S' -> two(ChronoField.SECOND_OF_MINUTE, glued);
            case 'a' -> builder.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
            case 'A' -> builder.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
            case 'b', 'h' -> builder.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
            case 'B' -> builder.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
            case 'u' -> builder.appendValue(ChronoField.DAY_OF_WEEK, 1);
            case 'V' -> builder.appendValue(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2);
            case 'G' -> builder.appendValue(IsoFields.WEEK_BASED_YEAR, 4);
            case 's' -> builder.appendValue(ChronoField.INSTANT_SECONDS);
            case 'z' -> offset();
            case 'Z' -> builder.appendZoneText(TextStyle.SHORT);
            case '%' -> builder.appendLiteral('%');
            case 'n' -> builder.appendLiteral('\n');
            case 't' -> builder.appendLiteral('\t');
            default -> compound(directive);
        }
    }

    private void compound(char directive) throws JsonQueryException {
        String expanded = switch (directive) {
            case 'T' -> "%H:%M:%S";
            case 'R' -> "%H:%M";
            case 'D' -> "%m/%d/%y";
            case 'F' -> "%Y-%m-%d";
            case 'r' -> "%I:%M:%S %p";
            case 'c' -> "%a %b %e %H:%M:%S %Y";
            case 'x' -> "%m/%d/%y";
            case 'X' -> "%H:%M:%S";
            default -> throw Failing.error("the date format has `%" + directive + "`, which is not known");
        };
        builder.append(parsing ? parsing(expanded) : printing(expanded));
    }

    private void offset() {
        if (parsing) {
            builder.appendPattern("[XXX][XX][X]");
        } else {
            builder.appendOffset("+HHMM", "+0000");
        }
    }

    private void two(ChronoField field, boolean glued) {
        if (parsing && !glued) {
            builder.appendValue(field, 1, 2, SignStyle.NOT_NEGATIVE);
        } else {
            builder.appendValue(field, 2);
        }
    }
}
