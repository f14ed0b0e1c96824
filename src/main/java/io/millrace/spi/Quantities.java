package io.millrace.spi;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations, sizes and rates as flows write them. Each gives null for a text that is none. */
public final class Quantities {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)\\s?(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s?(B|KB|MB|GB|TB)?");
    private static final Pattern RATE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s?/\\s?(s|m|h)");
    private static final String SIZES = "BKMGT";
    private static final Map<String, Double> MILLIS =
            Map.of("ms", 1.0, "s", 1e3, "m", 60e3, "h", 3600e3, "d", 24 * 3600e3);

    private Quantities() {}

    /** {@code 500ms 10s 2m 1h 7d}, decimals allowed. */
    public static @Nullable Duration duration(String text) {
        Matcher m = DURATION.matcher(text.trim());
        if (!m.matches()) {
            return null;
        }
        double nanos = Double.parseDouble(m.group(1)) * unit(m.group(2)) * 1e6;
        return nanos > Long.MAX_VALUE ? null : Duration.ofNanos(Math.round(nanos));
    }

    /** {@code 64KB 10MB 1GB}, or a plain number of bytes; a KB has 1,024 bytes. */
    public static @Nullable Long size(String text) {
        Matcher m = SIZE.matcher(text.trim().toUpperCase(Locale.ROOT));
        if (!m.matches()) {
            return null;
        }
        int power =
                m.group(2) == null ? 0 : Math.max(0, SIZES.indexOf(m.group(2).charAt(0)));
        double bytes = Double.parseDouble(m.group(1)) * Math.pow(1024, power);
        return bytes > Long.MAX_VALUE / 2.0 ? null : (long) bytes;
    }

    /** A size as flows write it, in the largest unit that shows it whole: {@code 1500B 64KB 10MB}. */
    public static String inWords(long bytes) {
        int power = 0;
        long left = bytes;
        while (power < SIZES.length() - 1 && left != 0 && left % 1024 == 0) {
            left /= 1024;
            power++;
        }
        return left + (power == 0 ? "B" : SIZES.charAt(power) + "B");
    }

    /** {@code 50/s 10/m 1000/h}; never zero. */
    public static @Nullable Rate rate(String text) {
        Matcher m = RATE.matcher(text.trim());
        if (!m.matches() || Double.parseDouble(m.group(1)) <= 0) {
            return null;
        }
        return new Rate(Double.parseDouble(m.group(1)), Duration.ofMillis((long) unit(m.group(2))));
    }

    /** A duration as flows write it, in the largest unit that shows it whole: {@code 250ms 90s 2m 1h}. */
    public static String inWords(Duration time) {
        long millis = time.toMillis();
        for (Unit unit : Unit.values()) {
            if (millis >= unit.millis && millis % unit.millis == 0) {
                return millis / unit.millis + unit.name();
            }
        }
        return millis + "ms";
    }

    /** A time that was measured, as people say it: {@code 0.6 s}, {@code 23 s}, {@code 12 min}. */
    public static String roughly(Duration time) {
        double seconds = time.toMillis() / 1000.0;
        return seconds < 10
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : seconds < 300 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
    }

    private enum Unit {
        d(86_400_000),
        h(3_600_000),
        m(60_000),
        s(1000);

        private final long millis;

        Unit(long millis) {
            this.millis = millis;
        }
    }

    private static double unit(String name) {
        Double millis = MILLIS.get(name);
        return millis == null ? 1 : millis;
    }
}
