package io.millrace.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers and words for people. */
final class Words {
    private Words() {}

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** {@code 12,431}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 error}, {@code 2 errors}. */
    static String count(long number, String one) {
        return count(number) + " " + one + (number == 1 ? "" : "s");
    }

    /** Starts or results a second: {@code 0.25}, {@code 9.8}, {@code 1,243}. */
    static String perSecond(long count, Duration time) {
        double seconds = Math.max(time.toNanos(), 1_000_000) / 1e9;
        return rate(count / seconds);
    }

    /** The same of a rate that is known. */
    static String rate(double rate) {
        return rate == 0 ? "0" : String.format(Locale.ROOT, rate < 1 ? "%.2f" : rate < 10 ? "%.1f" : "%,.0f", rate);
    }

    /** {@code 0.45 s}, {@code 12.3 s}, {@code 2 m 05 s}, {@code 3 h 07 m}. */
    static String time(Duration time) {
        double seconds = time.toMillis() / 1e3;
        if (seconds < 60) {
            return String.format(Locale.ROOT, seconds < 1 ? "%.2f s" : "%.1f s", seconds);
        }
        return time.toHours() == 0
                ? String.format(Locale.ROOT, "%d m %02d s", time.toMinutes(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d h %02d m", time.toHours(), time.toMinutesPart());
    }

    /** {@code 00:10}, {@code 1:02:03}. */
    static String clock(Duration time) {
        return time.toHours() == 0
                ? String.format(Locale.ROOT, "%02d:%02d", time.toMinutes(), time.toSecondsPart())
                : String.format(
                        Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    /** A latency: {@code 0.042 ms}, {@code 3.1 ms}, {@code 240 ms}, {@code 1.2 s}; {@code -} where there is none. */
    static String millis(double millis) {
        if (Double.isNaN(millis)) {
            return "-";
        }
        if (millis >= 1000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000);
        }
        return String.format(Locale.ROOT, millis < 1 ? "%.3f ms" : millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }
}
