package io.millrace.engine.item;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the branches of a run that were begun and those that are done or rest in a group, over all loops. Both only grow, and what is
 * done was begun before; so if {@code done}, read first, equals {@code begun}, read after it, nothing was active in between.
 */
public final class Tally {
    /** Does not count: for flows that hold nothing back. */
    public static final Tally NONE = new Tally(false);

    private final boolean counting;
    private final LongAdder begun = new LongAdder();
    private final LongAdder done = new LongAdder();

    private Tally(boolean counting) {
        this.counting = counting;
    }

    public static Tally counting() {
        return new Tally(true);
    }

    void begun(int branches) {
        if (counting) {
            begun.add(branches);
        }
    }

    void done(int branches) {
        if (counting) {
            done.add(branches);
        }
    }

    /** Branches that were begun. If it is the same before and after something, nothing was begun meanwhile. */
    public long begun() {
        return begun.sum();
    }

    /** Whether every branch rests or is done. Never true where nothing is counted. */
    public boolean isQuiet() {
        if (!counting) {
            return false;
        }
        long before = done.sum();
        return begun.sum() == before;
    }

    public boolean isCounting() {
        return counting;
    }
}
