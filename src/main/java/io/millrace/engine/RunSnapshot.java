package io.millrace.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The figures of a run at one moment.
 *
 * @param state in a word: {@code starting running paused draining ended}; paused: a stage is held back, since its items suddenly fail
 * @param stages in the order of the flow
 * @param deadLetters how many are in the file so far
 * @param firstDeadLetter where and why the first item failed for good; empty when there is none
 * @param expected how many records the sources will yield; -1 if one of them does not know
 * @param read how many they have yielded
 * @param kept where it is kept, if it is durable and open
 */
public record RunSnapshot(
        String flow,
        String state,
        Duration elapsed,
        List<StageSnapshot> stages,
        long deadLetters,
        String firstDeadLetter,
        long expected,
        long read,
        Optional<Kept> kept) {

    /** Of a plain run. */
    public RunSnapshot(
            String flow,
            String state,
            Duration elapsed,
            List<StageSnapshot> stages,
            long deadLetters,
            String firstDeadLetter,
            long expected,
            long read) {
        this(flow, state, elapsed, stages, deadLetters, firstDeadLetter, expected, read, Optional.empty());
    }

    /**
     * The place of a durable run.
     *
     * @param store its id
     * @param run the number of the run there
     * @param resumed whether an earlier process began it
     * @param done records of its sources and queues that are done, by whatever process, as far as this one knows
     * @param letters that were dead before this process began
     */
    public record Kept(UUID store, long run, boolean resumed, long done, long letters) {}

    /**
     * The figures of a stage. Counts are since the start.
     *
     * @param in items that came from its source or queue
     * @param out results it has delivered
     * @param failed items that ended in failure
     * @param retried attempts beyond the first
     * @param dropped items that a filter, a drop or {@code unique} ended
     * @param inFlight items that occupy a slot
     * @param queued items that wait
     * @param capacity of its queue
     * @param p50 median time from an item's start to its result, in milliseconds; NaN without items
     * @param p99 the same, of the slowest hundredth
     * @param leftBehind blocking calls that could not be stopped and run on, each on its thread, though their items were cancelled
     * @param stored rows of its queue in the store, of all processes and with those that are claimed; a moment old, and large numbers are estimates
     * @param last whether its results leave the flow
     */
    public record StageSnapshot(
            String name,
            long in,
            long out,
            long failed,
            long retried,
            long dropped,
            long inFlight,
            long queued,
            long capacity,
            double p50,
            double p99,
            long leftBehind,
            long stored,
            boolean last) {}
}
