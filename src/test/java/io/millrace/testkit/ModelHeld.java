package io.millrace.testkit;

import io.millrace.ledger.Claimed;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Ending;
import io.millrace.ledger.FencedException;
import io.millrace.ledger.GivenBack;
import io.millrace.ledger.Lease;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Member;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Permits;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunState;
import io.millrace.ledger.Saved;
import io.millrace.ledger.SharedLock;
import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A process's hold on a run. */
final class ModelHeld implements LedgerRun {
    private static final long SURE_MS = 20_000;

    private final ModelLedger ledger;
    private final ModelStore store;
    private final ModelRun run;
    private final Presence presence;
    private long inc;
    private long done;
    private boolean busy;
    private boolean ended;

    ModelHeld(ModelLedger ledger, ModelStore store, ModelRun run, Presence presence) {
        this.ledger = ledger;
        this.store = store;
        this.run = run;
        this.presence = presence;
        this.inc = run.claim(this);
    }

    ModelLedger ledger() {
        return ledger;
    }

    boolean hasCommitted() {
        return done > 0;
    }

    @Override
    public long id() {
        return run.id();
    }

    @Override
    public long inc() {
        return inc;
    }

    @Override
    public boolean isSure() {
        return run.isHeldBy(inc) && ledger.silence() <= SURE_MS;
    }

    @Override
    public Future<Outcome> commit(Commit commit) {
        if (busy || ended) {
            return Future.failedFuture(new IllegalStateException("a commit is under way, or the run was closed"));
        }
        busy = true;
        return attempt(commit).onComplete(outcome -> busy = false);
    }

    private Future<Outcome> attempt(Commit commit) {
        ModelStore.Transaction transaction = store.transaction();
        Optional<ModelStore.Cut> cut = store.takeCut();
        List<DeadLetter> dead = new ArrayList<>();
        return write(commit, 0, transaction, dead).compose(refused -> {
            if (!run.isHeldBy(inc)) {
                return Future.succeededFuture(new Outcome.Fenced());
            }
            if (refused.isPresent()) {
                return Future.succeededFuture(refused.get());
            }
            return cut.isPresent() ? cut(cut.get(), commit, transaction, dead) : apply(commit, transaction, dead);
        });
    }

    private Future<Outcome> apply(Commit commit, ModelStore.Transaction transaction, List<DeadLetter> dead) {
        if (!run.hasLetters(commit.taken())) {
            return refused("of the dead letters some are gone");
        }
        if (!run.queue.areHeld(commit.done(), this)) {
            return refused("of the claimed rows some are not ours");
        }
        Map<String, Integer> known = run.apply(inc, commit, dead);
        transaction.keep();
        return Future.succeededFuture(new Outcome.Committed(++done, known));
    }

    private static Future<Outcome> refused(String why) {
        return Future.succeededFuture(new Outcome.Refused(Failure.of(Failure.Kind.REJECTED, why), Outcome.NOBODY));
    }

    /** The line breaks at COMMIT. A new incarnation finds out what became of it, and a late one comes to nothing. */
    private Future<Outcome> cut(
            ModelStore.Cut cut, Commit commit, ModelStore.Transaction transaction, List<DeadLetter> dead) {
        presence.away("the line was cut");
        Future<Outcome> first =
                cut == ModelStore.Cut.ANSWER_LOST ? apply(commit, transaction, dead) : Future.succeededFuture(null);
        if (cut == ModelStore.Cut.COMMIT_LATE) {
            long old = inc;
            store.late(() -> {
                if (run.isHeldBy(old)) {
                    apply(commit, transaction, dead);
                }
            });
        }
        inc = run.move(inc);
        presence.back(Duration.ZERO);
        return first.compose(outcome -> outcome == null ? attempt(commit) : Future.succeededFuture(outcome));
    }

    private Future<Optional<Outcome>> write(
            Commit commit, int index, ModelStore.Transaction transaction, List<DeadLetter> dead) {
        if (index == commit.participants().size()) {
            return Future.succeededFuture(Optional.empty());
        }
        return commit.participants()
                .get(index)
                .apply(transaction)
                .compose(
                        letters -> {
                            dead.addAll(letters);
                            return write(commit, index + 1, transaction, dead);
                        },
                        thrown ->
                                Future.succeededFuture(Optional.of(new Outcome.Refused(Failure.from(thrown), index))));
    }

    @Override
    public Future<Outcome> close(RunState state, int exitCode) {
        if (busy || ended) {
            return Future.failedFuture(new IllegalStateException("a commit is under way, or the run was closed"));
        }
        ended = true;
        if (!run.isHeldBy(inc)) {
            return Future.succeededFuture(new Outcome.Fenced());
        }
        run.close(this, state, exitCode);
        return Future.succeededFuture(new Outcome.Committed(++done));
    }

    @Override
    public Future<Saved> saved() {
        return ours(run::saved);
    }

    @Override
    public Future<List<Claimed>> claim(String stage, int limit, @Nullable Set<Integer> buckets) {
        return ours(() -> run.queue.claim(stage, limit, buckets, this));
    }

    @Override
    public Future<Boolean> isDry(String stage, @Nullable Set<Integer> buckets) {
        return ours(() -> run.queue.isDry(stage, buckets));
    }

    @Override
    public Future<Void> giveBack(List<GivenBack> rows) {
        return ours(() -> {
                    rows.forEach(row -> run.queue.giveBack(row, this));
                    return rows;
                })
                .mapEmpty();
    }

    @Override
    public Future<Map<String, Long>> backlog() {
        return ours(run.queue::backlog);
    }

    @Override
    public Future<Set<String>> lease(String kind, Collection<String> names) {
        return ours(() -> run.leases.lease(kind, names, this));
    }

    @Override
    public Future<Void> release(String kind, Collection<String> names) {
        return ours(() -> {
                    run.leases.release(kind, names, this);
                    return names;
                })
                .mapEmpty();
    }

    @Override
    public Future<List<Lease>> leases() {
        return ours(() -> run.leases.all(this));
    }

    @Override
    public Future<List<Member>> others() {
        return ours(() -> run.others(ledger));
    }

    @Override
    public Future<List<Permits.Reserved>> reserve(List<Permits.Wanted> wanted) {
        return ours(() -> wanted.stream().map(run.leases::reserve).toList());
    }

    @Override
    public SharedLock lock(String name, int permits) {
        return isOurs() ? run.leases.lock(name, permits, this) : new Never();
    }

    @Override
    public Future<Ending> ending(Set<String> sources) {
        return ours(() -> run.ending(sources));
    }

    private <T> Future<T> ours(Supplier<T> work) {
        return isOurs() ? Future.succeededFuture(work.get()) : Future.failedFuture(new FencedException());
    }

    private boolean isOurs() {
        run.sweep(ledger);
        return !ended && run.isHeldBy(inc);
    }

    /** A lock of a run that is lost. */
    private record Never() implements SharedLock {
        @Override
        public Future<Void> held() {
            Promise<Void> promise = Promise.promise();
            promise.fail(new FencedException());
            return promise.future();
        }

        @Override
        public void release() {
            // It was never held.
        }
    }
}
