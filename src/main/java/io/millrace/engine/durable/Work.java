package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.ClaimedRoot;
import io.millrace.engine.item.DurableRoot;
import io.millrace.engine.item.Item;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.HeldChild;
import io.millrace.flow.OnError;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Enqueued;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Progress;
import io.millrace.spi.Appending;
import io.millrace.spi.Encoded;
import io.millrace.spi.Failure;
import io.millrace.spi.FileState;
import io.millrace.spi.StoreTransaction;
import io.millrace.spi.Transactional;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One commit, from the first byte in a file to the store's word: files first, forced to the disk; then rows, dead letters, file lengths and progress in one
 * transaction. What can pass is waited for; the future fails if the run has to end.
 */
final class Work {
    /**
     * A row that its sink does not take.
     *
     * @param stops whether the run is to stop for it
     */
    record Refusal(SinkVault vault, Failure failure, boolean stops) {}

    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Books books;
    private final List<SinkVault> vaults;
    private final Loop loop;
    private final Take take;
    private final List<Progress> progress = new ArrayList<>();
    private final Map<String, Long> counts;
    private final Promise<Void> end = Promise.promise();
    private final List<FileMark> files = new ArrayList<>();
    private final List<SinkVault> appended = new ArrayList<>();
    private final List<DeadLetter> held;
    private final List<Enqueued> children;
    private final @Nullable ObjectNode trial;
    private Map<String, Integer> known = Map.of();
    private final Map<SinkVault, Refused> refused = new LinkedHashMap<>();
    private Duration pause = FIRST_PAUSE;
    private boolean paused;

    Work(
            Books books,
            List<SinkVault> vaults,
            Loop loop,
            Take take,
            List<SourceProgress> sources,
            Map<String, Long> counts,
            @Nullable ObjectNode trial,
            boolean all) {
        this.books = books;
        this.vaults = vaults.stream()
                .filter(vault -> !take.rows(vault).isEmpty() || (all && vault.sink() instanceof Appending))
                .toList();
        this.loop = loop;
        this.take = take;
        this.trial = trial;
        this.counts = Map.copyOf(counts);
        this.held = take.letters().stream().map(letter -> letter.letter).toList();
        this.children = take.children().stream().map(Work::row).toList();
        Set<String> moved = take.roots().stream().map(DurableRoot::source).collect(Collectors.toSet());
        sources.stream()
                .filter(source -> source.isChanged() || moved.contains(source.stage()))
                .forEach(source -> progress.add(source.take()));
    }

    private static Enqueued row(HeldChild child) {
        return new Enqueued(
                child.stage(),
                child.document(),
                child.meta(),
                child.unique(),
                child.keep(),
                child.bucket(),
                Duration.ZERO);
    }

    /** What one sink has refused, in the last try. */
    private final class Refused {
        private final SinkVault vault;
        private final List<HeldRow> rows;
        private final List<Refusal> refusals = new ArrayList<>();
        private final List<DeadLetter> letters = new ArrayList<>();

        Refused(SinkVault vault) {
            this.vault = vault;
            this.rows = take.rows(vault);
        }

        List<Encoded> encoded() {
            return rows.stream().map(row -> row.encoded).toList();
        }

        void again() {
            refusals.clear();
            letters.clear();
        }

        void row(int index, Failure wrong) {
            Failure failure = wrong.at(vault.stage() + "/sink");
            Item entry = rows.get(index).entry;
            OnError decision = vault.decision();
            refusals.add(new Refusal(vault, failure, decision instanceof OnError.Stop));
            if (!(decision instanceof OnError.Drop) && !(decision instanceof OnError.Ignore)) {
                letters.add(books.letters().of(vault.stage(), entry, failure));
            }
        }
    }

    Future<Void> begin() {
        attempt();
        return end.future();
    }

    private void attempt() {
        files.clear();
        appended.clear();
        boolean writesFiles = vaults.stream().anyMatch(vault -> vault.sink() instanceof Appending);
        if (!writesFiles) {
            commit();
            return;
        }
        call(
                books::areOurs,
                ours -> {
                    if (ours) {
                        appendFrom(0);
                    } else {
                        end.fail(books.takenOver());
                    }
                },
                end::fail);
    }

    /** Appends to the files of one sink after another. */
    private void appendFrom(int index) {
        if (index == vaults.size()) {
            commit();
            return;
        }
        SinkVault vault = vaults.get(index);
        if (!(vault.sink() instanceof Appending sink)) {
            appendFrom(index + 1);
            return;
        }
        Refused rows = refused(vault);
        rows.again();
        call(
                () -> sink.append(rows.encoded(), rows::row),
                states -> {
                    appended.add(vault);
                    states.forEach(state -> files.add(mark(books, vault, state)));
                    appendFrom(index + 1);
                },
                failure -> rollBack(failure, failure.retryable()));
    }

    private Refused refused(SinkVault vault) {
        return refused.computeIfAbsent(vault, Refused::new);
    }

    static FileMark mark(Books books, SinkVault vault, FileState state) {
        return new FileMark(
                vault.stage(),
                state.path(),
                books.host(),
                state.length(),
                state.crc(),
                state.complete() ? FileMark.State.DONE : FileMark.State.PART);
    }

    private void commit() {
        List<DeadLetter> letters = new ArrayList<>(held);
        appended.forEach(vault -> letters.addAll(refused(vault).letters));
        List<SinkVault> joined = vaults.stream()
                .filter(vault -> vault.sink() instanceof Transactional)
                .toList();
        List<Function<StoreTransaction, Future<List<DeadLetter>>>> participants =
                joined.stream().map(this::participant).toList();
        Commit commit = Commit.NOTHING
                .withProgress(progress)
                .withFiles(files)
                .withDead(letters)
                .withEnqueued(children)
                .withDone(take.claimed().stream().map(ClaimedRoot::row).toList())
                .withCounts(counts)
                .withParticipants(participants);
        call(
                () -> books.run().commit(trial == null ? commit : commit.withTrial(trial)),
                outcome -> {
                    if (outcome instanceof Outcome.Committed) {
                        committed(0);
                    } else if (outcome instanceof Outcome.Refused no) {
                        boolean sink = no.participant() != Outcome.NOBODY;
                        String stage = sink ? joined.get(no.participant()).stage() + "/sink: " : "";
                        rollBack(no.failure().saying(stage + no.failure().message()), sink);
                    } else {
                        end.fail(books.takenOver());
                    }
                },
                end::fail);
    }

    private Function<StoreTransaction, Future<List<DeadLetter>>> participant(SinkVault vault) {
        Transactional sink = (Transactional) vault.sink();
        Refused rows = refused(vault);
        List<Encoded> encoded = rows.encoded();
        return transaction -> {
            rows.again();
            return sink.write(transaction, encoded, rows::row).map(written -> List.copyOf(rows.letters));
        };
    }

    private void committed(int index) {
        if (index < appended.size()) {
            Appending sink = (Appending) appended.get(index).sink();
            call(sink::committed, done -> committed(index + 1), end::fail);
            return;
        }
        if (paused) {
            LOG.info("commits go on");
        }
        end.complete();
    }

    /** Takes back what files were given, one after another, and tries again or fails. */
    private void rollBack(Failure failure, boolean again) {
        if (appended.isEmpty()) {
            if (again) {
                again(failure.message());
            } else {
                end.fail(failure);
            }
            return;
        }
        Appending sink = (Appending) appended.remove(appended.size() - 1).sink();
        call(sink::rollback, done -> rollBack(failure, again), end::fail);
    }

    private void again(String why) {
        if (!paused) {
            paused = true;
            LOG.warn("nothing can be committed for now, trying again: {}", why);
        }
        loop.after(pause, this::attempt);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }

    /** Calls a part that may throw, and goes on here. */
    private <T> void call(Call<T> call, Consumer<T> then, Consumer<Failure> wrong) {
        Future<T> result;
        try {
            result = call.begin();
        } catch (RuntimeException thrown) {
            result = Future.failedFuture(thrown);
        }
        result.onComplete(done -> loop.execute(() -> {
            if (done.succeeded()) {
                then.accept(done.result());
            } else {
                wrong.accept(Failure.from(Objects.requireNonNull(done.cause())));
            }
        }));
    }

    private interface Call<T> {
        Future<T> begin();
    }

    /** The letters that are kept. */
    List<DeadLetter> letters() {
        List<DeadLetter> all = new ArrayList<>(held);
        refused.values().forEach(one -> all.addAll(one.letters));
        return all;
    }

    /** Whether it keeps that records were committed again. */
    boolean endsTrial() {
        return trial != null;
    }

    /** The stages into whose queues something went. */
    Set<String> fed() {
        return children.stream().map(Enqueued::stage).collect(Collectors.toSet());
    }

    /** How many children each queue dropped, as it had seen them before. */
    Map<String, Integer> known() {
        return known;
    }

    List<Refusal> refusals() {
        return refused.values().stream().flatMap(one -> one.refusals.stream()).toList();
    }
}
