package io.millrace.cli;

import io.millrace.ledger.RunWork.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A run as {@code top} shows it, over all processes that are known.
 *
 * @param id its number in the store, or else the beginning of its id
 * @param key names it among all, for rates
 * @param elapsed since it began, or since the first of its processes here did
 * @param done records of a durable run that are done; results of another that have left it
 * @param pending what is known to be left: records that are open or not read yet, and what waits in queues
 */
record TopRun(
        String id,
        String key,
        String flow,
        String state,
        Duration elapsed,
        long done,
        long pending,
        long dead,
        List<Stage> stages,
        List<Reading> sources,
        List<Hand> hands) {

    /**
     * @param inFlight items that occupy a slot here, and rows that other machines have claimed
     * @param queued items that wait, in memory or in the store
     * @param later rows in the store that are not due yet
     * @param done items that have come to their end here; of a stage that is fed by a source or a queue of a durable run: records that are done
     */
    record Stage(String name, long inFlight, long queued, long later, long done, long failed, long dead) {}

    /**
     * A process that works on it.
     *
     * @param sinceBeat since the store heard of it; empty if it answered itself and no store is asked
     * @param does in words
     */
    record Hand(String host, long pid, Optional<Duration> sinceBeat, List<String> does) {}
}
