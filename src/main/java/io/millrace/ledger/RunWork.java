package io.millrace.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Where an unfinished run stands over all processes, as of their last commits.
 *
 * @param counts as in {@link Saved}
 * @param sources how far each was read
 * @param queues rows by stage; stages without any are absent
 * @param dead letters by stage; likewise
 * @param files that grow
 * @param hands who works on it
 */
public record RunWork(
        RunSummary run,
        Map<String, Long> counts,
        List<Reading> sources,
        Map<String, Rows> queues,
        Map<String, Long> dead,
        List<FileMark> files,
        List<Hand> hands) {
    public RunWork {
        counts = Map.copyOf(counts);
        sources = List.copyOf(sources);
        queues = Map.copyOf(queues);
        dead = Map.copyOf(dead);
        files = List.copyOf(files);
        hands = List.copyOf(hands);
    }

    /**
     * A source, or a part of one.
     *
     * @param read records that were admitted
     * @param open those of them that are not done
     */
    public record Reading(String stage, String part, long read, long open, boolean ended) {}

    /**
     * The rows of a stage's queue.
     *
     * @param all as {@link LedgerRun#backlog} counts them
     * @param later those of them that are not due yet; counted as far as {@link LedgerRun#COUNTED}
     */
    public record Rows(long all, long later) {}

    /**
     * A process that has the run open. One that was silent for long may be dead; what it has goes to others soon.
     *
     * @param leases what it holds there, as {@code kind name}
     * @param claimed rows that it has claimed, by stage; stages without any are absent
     */
    public record Hand(String host, long pid, Duration sinceBeat, List<String> leases, Map<String, Long> claimed) {
        public Hand {
            leases = List.copyOf(leases);
            claimed = Map.copyOf(claimed);
        }
    }
}
