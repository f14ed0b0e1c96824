package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Progress;
import io.millrace.spi.Appending;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.StoreTransaction;
import io.millrace.spi.Transactional;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The first commit of a process: it keeps what the sources read and the files that are begun, and asks sinks whether they write into the very
 * database of the store.
 */
final class Opening {
    private final Books books;
    private final List<SinkVault> vaults;
    private final @Nullable ObjectNode trial;
    private final List<Progress> progress = new ArrayList<>();
    private final List<FileMark> files = new ArrayList<>();
    private final Set<SinkVault> joined = new HashSet<>();

    /** @param trial see {@link Trial#opened}; null: nothing is to be kept */
    Opening(Books books, List<SinkVault> vaults, List<SourceProgress> sources, @Nullable ObjectNode trial) {
        this.books = books;
        this.vaults = vaults;
        this.trial = trial;
        sources.forEach(source -> progress.add(source.take()));
    }

    /** Yields the sinks that are part of commits from now on. */
    Future<Set<SinkVault>> commit() {
        return eachFile(this::touch)
                .compose(ready -> books.run().commit(whole()))
                .compose(Opening::committed)
                .compose(kept -> eachFile(vault -> ((Appending) vault.sink()).committed()))
                .map(kept -> joined);
    }

    private Commit whole() {
        Commit commit = Commit.NOTHING.withProgress(progress).withFiles(files).withParticipants(List.of(this::ask));
        return trial == null ? commit : commit.withTrial(trial);
    }

    private Future<Void> eachFile(Function<SinkVault, Future<Void>> task) {
        Future<Void> all = Future.succeededFuture();
        for (SinkVault vault : vaults) {
            if (vault.sink() instanceof Appending) {
                all = all.compose(done -> task.apply(vault));
            }
        }
        return all;
    }

    private Future<Void> touch(SinkVault vault) {
        joined.add(vault);
        return ((Appending) vault.sink())
                .append(List.of(), (index, failure) -> {})
                .map(states -> {
                    states.forEach(state -> files.add(Work.mark(books, vault, state)));
                    return null;
                });
    }

    private Future<List<DeadLetter>> ask(StoreTransaction transaction) {
        Future<Void> all = Future.succeededFuture();
        for (SinkVault vault : vaults) {
            if (vault.sink() instanceof Transactional sink) {
                all = all.compose(done -> sink.joins(transaction)).map(joins -> {
                    if (joins) {
                        joined.add(vault);
                    }
                    return null;
                });
            }
        }
        return all.map(List.of());
    }

    private static Future<Void> committed(Outcome outcome) {
        if (outcome instanceof Outcome.Committed) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(
                outcome instanceof Outcome.Refused refused
                        ? refused.failure()
                        : Failure.of(Kind.CANCELLED, "another process has taken over the run."));
    }
}
