package io.millrace.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.StoreTransaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is to be kept together.
 *
 * @param progress of sources that moved; a source that is not named stays as it was
 * @param files that grew or ended; likewise
 * @param dead letters to be kept
 * @param taken ids of dead letters that this run has dealt with, which go; the commit is refused unless all of them are there
 * @param enqueued rows for the queues of stages
 * @param done ids of claimed rows that have been dealt with, which go; the commit is refused unless all of them are claimed by this process
 * @param counts since this process opened the run; null leaves them
 * @param shape the run's new shape; null leaves it
 * @param trial what is being tried alone, for whoever comes after this process; null leaves it, an empty object takes it back
 * @param participants write rows of their own in the transaction, and yield dead letters of what was refused, to be kept by the same commit. They may
 *     be called more than once, each time after what the last call wrote was rolled back
 */
public record Commit(
        List<Progress> progress,
        List<FileMark> files,
        List<DeadLetter> dead,
        List<Long> taken,
        List<Enqueued> enqueued,
        List<Long> done,
        @Nullable Map<String, Long> counts,
        @Nullable ObjectNode shape,
        @Nullable ObjectNode trial,
        List<Function<StoreTransaction, Future<List<DeadLetter>>>> participants) {
    public static final Commit NOTHING =
            new Commit(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null, null, null, List.of());

    public Commit {
        progress = List.copyOf(progress);
        files = List.copyOf(files);
        dead = List.copyOf(dead);
        taken = List.copyOf(taken);
        enqueued = List.copyOf(enqueued);
        done = List.copyOf(done);
        counts = counts == null ? null : Map.copyOf(counts);
        participants = List.copyOf(participants);
    }

    public Commit withProgress(List<Progress> value) {
        return new Commit(value, files, dead, taken, enqueued, done, counts, shape, trial, participants);
    }

    public Commit withFiles(List<FileMark> value) {
        return new Commit(progress, value, dead, taken, enqueued, done, counts, shape, trial, participants);
    }

    public Commit withDead(List<DeadLetter> value) {
        return new Commit(progress, files, value, taken, enqueued, done, counts, shape, trial, participants);
    }

    public Commit withTaken(List<Long> value) {
        return new Commit(progress, files, dead, value, enqueued, done, counts, shape, trial, participants);
    }

    public Commit withEnqueued(List<Enqueued> value) {
        return new Commit(progress, files, dead, taken, value, done, counts, shape, trial, participants);
    }

    public Commit withDone(List<Long> value) {
        return new Commit(progress, files, dead, taken, enqueued, value, counts, shape, trial, participants);
    }

    public Commit withCounts(Map<String, Long> value) {
        return new Commit(progress, files, dead, taken, enqueued, done, value, shape, trial, participants);
    }

    public Commit withShape(ObjectNode value) {
        return new Commit(progress, files, dead, taken, enqueued, done, counts, value, trial, participants);
    }

    public Commit withTrial(ObjectNode value) {
        return new Commit(progress, files, dead, taken, enqueued, done, counts, shape, value, participants);
    }

    public Commit withParticipants(List<Function<StoreTransaction, Future<List<DeadLetter>>>> value) {
        return new Commit(progress, files, dead, taken, enqueued, done, counts, shape, trial, value);
    }
}
