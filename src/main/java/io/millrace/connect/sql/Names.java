package io.millrace.connect.sql;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Names that may have been meant. */
final class Names {
    private static final int SHOWN = 5;

    private Names() {}

    /** {@code ; did you mean pages?}, or which there are, or that there is none. */
    static String near(String name, Collection<String> known) {
        List<String> near = known.stream()
                .filter(other -> distance(plain(name), plain(other))
                        <= Math.max(1, plain(name).length() / 3))
                .limit(SHOWN)
                .toList();
        if (!near.isEmpty()) {
            return "; did you mean " + String.join(" or ", near) + "?";
        }
        if (known.isEmpty()) {
            return "; the database has no tables yet";
        }
        return "; there are " + String.join(", ", known.stream().limit(SHOWN).toList())
                + (known.size() > SHOWN ? " and " + (known.size() - SHOWN) + " more" : "");
    }

    private static String plain(String name) {
        return name.replace("\"", "").toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's: insertions, deletions and substitutions. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
