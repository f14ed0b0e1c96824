package io.millrace.cli;

import java.util.Locale;

/** How much two names are alike. */
final class Likeness {
    private Likeness() {}

    /** Whether one may be a slip for the other. */
    static boolean close(String name, String wanted) {
        return distance(name, wanted) <= Math.max(2, wanted.length() / 4);
    }

    /** Letters to insert, remove or change, whatever their case. */
    static int distance(String first, String second) {
        String a = first.toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            int corner = i - 1;
            for (int j = 0; j <= b.length(); j++) {
                int above = row[j];
                row[j] = i == 0
                        ? j
                        : j == 0
                                ? i
                                : Math.min(
                                        Math.min(above, row[j - 1]) + 1,
                                        corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                corner = above;
            }
        }
        return row[b.length()];
    }
}
