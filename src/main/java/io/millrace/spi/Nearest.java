package io.millrace.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known word that is nearest to a misspelt one, by edit distance with swaps. */
public final class Nearest {
    private Nearest() {}

    /** The nearest word, if one is near enough to have been meant. */
    public static Optional<String> to(String word, Collection<String> known) {
        return all(word, known).stream().findFirst();
    }

    /** All words that are near enough to have been meant, the nearest first. */
    public static List<String> all(String word, Collection<String> known) {
        String typed = word.toLowerCase(Locale.ROOT);
        int bound = Math.max(1, Math.min(3, typed.length() / 3 + (typed.length() > 3 ? 1 : 0)));
        return known.stream()
                .filter(candidate -> distance(typed, candidate.toLowerCase(Locale.ROOT)) <= bound)
                .sorted(Comparator.comparingInt(
                                (String candidate) -> distance(typed, candidate.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** Inserted, removed, changed and swapped letters (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int changed = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(changed, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
