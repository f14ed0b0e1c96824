package io.millrace.engine.item;

import org.jspecify.annotations.Nullable;

/** Collects what is settled within one turn of a loop, so that the account that all loops share is touched once. */
public final class Settling {
    private @Nullable Origin origin;
    private long count;

    void add(Origin of) {
        if (origin != of) {
            flush();
            origin = of;
        }
        count++;
    }

    /** Books what was collected; to be called at the end of the turn. */
    public void flush() {
        Origin of = origin;
        if (of != null && count > 0) {
            long settled = count;
            count = 0;
            of.settle(settled);
        }
    }

    /** Whether there is something to book. */
    public boolean pending() {
        return count > 0;
    }
}
