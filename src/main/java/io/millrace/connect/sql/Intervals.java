package io.millrace.connect.sql;

import io.vertx.pgclient.data.Interval;

/** Intervals as ISO 8601 writes them: {@code P1Y2M3DT4H5M6.5S}. */
final class Intervals {
    private Intervals() {}

    static String iso(Interval interval) {
        StringBuilder text = new StringBuilder("P");
        part(text, interval.getYears(), 'Y');
        part(text, interval.getMonths(), 'M');
        part(text, interval.getDays(), 'D');
        StringBuilder time = new StringBuilder();
        part(time, interval.getHours(), 'H');
        part(time, interval.getMinutes(), 'M');
        seconds(time, interval.getSeconds() * 1_000_000L + interval.getMicroseconds());
        if (time.length() > 0) {
            text.append('T').append(time);
        }
        return text.length() == 1 ? "PT0S" : text.toString();
    }

    private static void part(StringBuilder text, int count, char unit) {
        if (count != 0) {
            text.append(count).append(unit);
        }
    }

    private static void seconds(StringBuilder text, long micros) {
        if (micros != 0) {
            text.append(java.math.BigDecimal.valueOf(micros, 6)
                            .stripTrailingZeros()
                            .toPlainString())
                    .append('S');
        }
    }
}
