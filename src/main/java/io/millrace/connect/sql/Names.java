package io.millrace.connect.sql;

import io.millrace.spi.Nearest;
import java.util.Collection;
import java.util.List;

/** Names that may have been meant. */
final class Names {
    private static final int SHOWN = 5;

    private Names() {}

    /** {@code ; did you mean pages?}, or which there are, or that there is none. */
    static String near(String name, Collection<String> known) {
        List<String> near =
                Nearest.all(name.replace("\"", ""), known).stream().limit(SHOWN).toList();
        if (!near.isEmpty()) {
            return "; did you mean " + String.join(" or ", near) + "?";
        }
        if (known.isEmpty()) {
            return "; the database has no tables yet";
        }
        return "; there are " + String.join(", ", known.stream().limit(SHOWN).toList())
                + (known.size() > SHOWN ? " and " + (known.size() - SHOWN) + " more" : "");
    }
}
