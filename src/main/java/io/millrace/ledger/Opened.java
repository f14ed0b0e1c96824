package io.millrace.ledger;

import java.time.Duration;
import java.util.List;

/** What came of the wish to run. */
public sealed interface Opened {
    /**
     * The run is ours.
     *
     * @param resumed whether it was begun by an earlier process, and {@code saved} is to be respected
     * @param others living processes that run it too; none unless it is shared
     */
    record Mine(LedgerRun run, boolean resumed, Saved saved, List<Member> others) implements Opened {
        public Mine {
            others = List.copyOf(others);
        }
    }

    /** It was finished before, or, where that very run was asked for, cancelled. Nothing was changed; ask for a fresh one if its sources have. */
    record Finished(Saved saved) implements Opened {}

    /**
     * Another living process runs it, and it is not shared or was to be begun afresh. Nothing was changed.
     *
     * @param sinceBeat since its last heartbeat
     */
    record Elsewhere(long run, String host, long pid, Duration sinceBeat) implements Opened {}
}
