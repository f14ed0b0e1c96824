package io.millrace.ledger;

import io.vertx.core.Future;

/** One wish for one permit of a lock that all processes of a run share. */
public interface SharedLock {
    /** Completes when the permit is ours; fails if the run is no longer. In this process, in order of asking. Effects on the outside are not fenced. */
    Future<Void> held();

    /** Gives it back, or no longer wants it. A second call does nothing. */
    void release();
}
