package io.millrace.expr;

import io.millrace.spi.Nearest;
import java.util.Collection;

/** "Did you mean": the name nearest to a wrong one, or the list of all when that is short. */
final class Suggestion {
    private static final int FEW = 12;

    private Suggestion() {}

    static String of(String prefix, String wrong, Collection<String> known) {
        String near = Nearest.to(wrong, known).orElse("");
        if (!near.isEmpty()) {
            return "Did you mean `" + prefix + near + "`?";
        }
        return known.size() <= FEW
                ? "There are " + prefix
                        + String.join(", " + prefix, known.stream().sorted().toList()) + "."
                : "See the guide to expressions for the list.";
    }
}
