package io.millrace.ledger;

import io.vertx.core.Future;

/**
 * A run that belongs to this process, until another takes it over.
 *
 * <p>One commit at a time: the next may be given when the last has completed. A commit does not fail while the store is away, it waits. Futures
 * complete on the context of the caller.
 */
public interface LedgerRun {
    long id();

    /** The incarnation: the fence behind which this process writes. It changes when an unknown commit has been resolved. */
    long inc();

    /**
     * Keeps all of it or nothing. What was meant to be kept by a commit that was not committed is no longer meant so: every commit says all that it is about.
     *
     * @throws IllegalStateException in the future, if another is under way or the run was closed
     */
    Future<Outcome> commit(Commit commit);

    /** Ends the run for this process: FINISHED and CANCELLED are for good, UNFINISHED goes on at the next opening. Waits for the store. */
    Future<Outcome> close(RunState state, int exitCode);

    /**
     * Whether the store confirmed within the last 20 s that the run is still ours. To be asked before writing what no fence guards, such as files:
     * after a long stop of this process another may own them.
     */
    boolean isSure();
}
