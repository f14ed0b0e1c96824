package io.millrace.engine;

import java.time.Duration;
import java.util.List;

/**
 * The figures of a run at one moment.
 *
 * @param state in a word: {@code starting running draining ended}
 * @param stages in the order of the flow
 * @param deadLetters how many are in the file so far
 * @param firstDeadLetter where and why the first item failed for good; empty when there is none
 * @param expected how many records the sources will yield; -1 if one of them does not know
 * @param read how many they have yielded
 */
public record RunSnapshot(
        String flow,
        String state,
        Duration elapsed,
        List<StageSnapshot> stages,
        long deadLetters,
        String firstDeadLetter,
        long expected,
        long read) {

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
            long leftBehind) {}
}
