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
 * @param counts since this process opened the run; null leaves them
 * @param shape the run's new shape; null leaves it
 * @param participants write rows of their own in the transaction. They may be called more than once, each time after what the last call wrote was rolled
 *     back
 */
public record Commit(
        List<Progress> progress,
        List<FileMark> files,
        List<DeadLetter> dead,
        List<Long> taken,
        @Nullable Map<String, Long> counts,
        @Nullable ObjectNode shape,
        List<Function<StoreTransaction, Future<Void>>> participants) {
    public static final Commit NOTHING = new Commit(List.of(), List.of(), List.of(), List.of(), null, null, List.of());

    public Commit {
        progress = List.copyOf(progress);
        files = List.copyOf(files);
        dead = List.copyOf(dead);
        taken = List.copyOf(taken);
        counts = counts == null ? null : Map.copyOf(counts);
        participants = List.copyOf(participants);
    }

    public Commit withProgress(List<Progress> value) {
        return new Commit(value, files, dead, taken, counts, shape, participants);
    }

    public Commit withFiles(List<FileMark> value) {
        return new Commit(progress, value, dead, taken, counts, shape, participants);
    }

    public Commit withDead(List<DeadLetter> value) {
        return new Commit(progress, files, value, taken, counts, shape, participants);
    }

    public Commit withTaken(List<Long> value) {
        return new Commit(progress, files, dead, value, counts, shape, participants);
    }

    public Commit withCounts(Map<String, Long> value) {
        return new Commit(progress, files, dead, taken, value, shape, participants);
    }

    public Commit withShape(ObjectNode value) {
        return new Commit(progress, files, dead, taken, counts, value, participants);
    }

    public Commit withParticipants(List<Function<StoreTransaction, Future<Void>>> value) {
        return new Commit(progress, files, dead, taken, counts, shape, value);
    }
}
