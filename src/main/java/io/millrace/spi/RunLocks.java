package io.millrace.spi;

import io.vertx.core.Future;

/** Locks that all processes of a run share. From any thread. */
public interface RunLocks {
    /** Wants one of the permits of a lock. All who ask for the same lock name the same number. */
    Permit want(String name, int permits);

    /** One wish for one permit. */
    interface Permit {
        /** Completes when the permit is ours; fails if the run is no longer this process's. */
        Future<Void> held();

        /** Gives it back, or no longer wants it. A second call does nothing. */
        void release();
    }
}
