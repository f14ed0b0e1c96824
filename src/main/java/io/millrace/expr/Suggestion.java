package io.millrace.expr;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** "Did you mean": the name nearest to a wrong one, or the list of all when that is short. */
final class Suggestion {
    private static final int FEW = 12;

    private Suggestion() {}

    static String of(String prefix, String wrong, Collection<String> known) {
        String near = known.stream()
                .min(Comparator.comparingInt((String name) -> distance(name, wrong))
                        .thenComparing(name -> name))
                .filter(name -> distance(name, wrong) <= Math.max(1, wrong.length() / 3))
                .orElse("");
        if (!near.isEmpty()) {
            return "Did you mean `" + prefix + near + "`?";
        }
        return known.size() <= FEW
                ? "There are " + prefix
                        + String.join(", " + prefix, known.stream().sorted().toList()) + "."
                : "See the guide to expressions for the list.";
    }

    /** Edits, with a swap of neighbours as one, between the two in lower case. */
    private static int distance(String first, String second) {
        String a = first.toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
