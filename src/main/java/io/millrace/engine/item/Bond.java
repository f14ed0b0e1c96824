package io.millrace.engine.item;

import java.util.ArrayList;
import java.util.List;

/**
 * Roots of which parts went into one group: what came of them is kept together or not at all. A root in which two groups have parts joins
 * them. Roots are bound while they have branches, so none is bound after it has become complete.
 */
final class Bond {
    private static final Object LOCK = new Object();

    private final List<DurableRoot> roots = new ArrayList<>();
    private int open;

    /** Binds them. */
    static void tie(List<DurableRoot> roots) {
        synchronized (LOCK) {
            Bond bond = new Bond();
            for (DurableRoot root : roots) {
                Bond other = root.bond;
                if (other == null) {
                    bond.add(root);
                    bond.open++;
                } else if (other != bond) {
                    bond = merged(bond, other);
                }
            }
        }
    }

    private static Bond merged(Bond one, Bond other) {
        Bond large = one.roots.size() > other.roots.size() ? one : other;
        Bond small = large == one ? other : one;
        small.roots.forEach(large::add);
        large.open += small.open;
        return large;
    }

    private void add(DurableRoot root) {
        roots.add(root);
        root.bond = this;
    }

    /** The root is complete; whether all that are bound to it are. */
    static boolean completed(DurableRoot root) {
        synchronized (LOCK) {
            Bond bond = root.bond;
            return bond == null || --bond.open == 0;
        }
    }

    /** Those that are kept together with this one, itself among them. */
    static List<DurableRoot> together(DurableRoot root) {
        synchronized (LOCK) {
            Bond bond = root.bond;
            return bond == null ? List.of(root) : List.copyOf(bond.roots);
        }
    }
}
