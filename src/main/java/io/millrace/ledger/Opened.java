package io.millrace.ledger;

import java.time.Duration;

/** What came of the wish to run. */
public sealed interface Opened {
    /**
     * The run is ours.
     *
     * @param resumed whether it was begun by an earlier process, and {@code saved} is to be respected
     */
    record Mine(LedgerRun run, boolean resumed, Saved saved) implements Opened {}

    /** It was finished before. Nothing was changed; ask for a fresh one if its sources have. */
    record Finished(Saved saved) implements Opened {}

    /**
     * Another living process runs it. Nothing was changed.
     *
     * @param sinceBeat since its last heartbeat
     */
    record Elsewhere(long run, String host, long pid, Duration sinceBeat) implements Opened {}
}
