package io.millrace.engine.durable;

import io.millrace.engine.queue.Loop;
import io.millrace.ledger.Claimed;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Ending;
import io.millrace.ledger.GivenBack;
import io.millrace.ledger.Lease;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Member;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Permits;
import io.millrace.ledger.RunState;
import io.millrace.ledger.Saved;
import io.millrace.ledger.SharedLock;
import io.millrace.spi.StoreTransaction;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A run in a {@link DistantLedger}. The participants of a commit run in the process, as long as it does; then COMMIT is sent. */
final class DistantRun implements LedgerRun {
    private static final Duration SURE = Duration.ofSeconds(20);

    private final LedgerRun near;
    private final DistantLedger ledger;

    private Duration sureAt;

    DistantRun(LedgerRun near, DistantLedger ledger) {
        this.near = near;
        this.ledger = ledger;
        this.sureAt = now();
    }

    private Duration now() {
        return ledger.process().world().now();
    }

    /** Whether the store holds it for the process's. */
    boolean isOurs() {
        return ledger.store().model.isLive(near.id(), ledger.near());
    }

    /** What was sent then found it to be ours. */
    void sure(Duration sent) {
        sureAt = sent.compareTo(sureAt) > 0 ? sent : sureAt;
    }

    @Override
    public long id() {
        return near.id();
    }

    @Override
    public long inc() {
        return near.inc();
    }

    @Override
    public boolean isSure() {
        return now().minus(sureAt).compareTo(SURE) < 0; // whatever the store knows by now
    }

    @Override
    public Future<Outcome> commit(Commit commit) {
        Loop asking = ledger.process().world().running();
        List<Function<StoreTransaction, Future<List<DeadLetter>>>> participants = new ArrayList<>();
        commit.participants().forEach(one -> participants.add(open -> here(asking, () -> one.apply(open))));
        Store.Way line = ledger.line();
        participants.add(
                open -> ledger.store().arrival(ledger.process(), line.travel()).map(List.of()));
        Promise<Outcome> answer = Promise.promise();
        Duration sent = now();
        near.commit(commit.withParticipants(participants)).onComplete(done -> {
            boolean kept = done.succeeded() && done.result() instanceof Outcome.Committed;
            if (kept) {
                ledger.store().committed(this);
            }
            line.travel()
                    .onSuccess(back -> asking.execute(() -> {
                        if (kept) {
                            sure(sent);
                        }
                        answer.handle(done);
                    }));
        });
        return answer.future();
    }

    /** Does the work in a task of the loop, and goes on from there. */
    private static <T> Future<T> here(Loop loop, Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.execute(() -> work.get().onComplete(done));
        return done.future();
    }

    /** Asks behind the fence: of a process that has been given up nothing may change. */
    private <T> Future<T> ask(Supplier<Future<T>> question) {
        return ledger.ask(() -> ledger.store().guard(this, question));
    }

    @Override
    public Future<Outcome> close(RunState state, int exitCode) {
        return ask(() -> near.close(state, exitCode));
    }

    @Override
    public Future<Saved> saved() {
        return ask(near::saved);
    }

    /** The rows go by names of their own from here on. */
    @Override
    public Future<List<Claimed>> claim(String stage, int limit, @Nullable Set<Integer> buckets) {
        return ask(() -> near.claim(stage, limit, buckets))
                .map(rows -> rows.stream().map(Rows::named).toList());
    }

    @Override
    public Future<Boolean> isDry(String stage, @Nullable Set<Integer> buckets) {
        return ledger.ask(() -> near.isDry(stage, buckets));
    }

    @Override
    public Future<Void> giveBack(List<GivenBack> rows) {
        return ask(() -> near.giveBack(rows));
    }

    @Override
    public Future<Map<String, Long>> backlog() {
        return ask(near::backlog);
    }

    @Override
    public Future<Set<String>> lease(String kind, Collection<String> names) {
        return ask(() -> near.lease(kind, names));
    }

    @Override
    public Future<Void> release(String kind, Collection<String> names) {
        return ask(() -> near.release(kind, names));
    }

    @Override
    public Future<List<Lease>> leases() {
        return ask(near::leases);
    }

    @Override
    public Future<List<Member>> others() {
        return ask(near::others);
    }

    @Override
    public Future<List<Permits.Reserved>> reserve(List<Permits.Wanted> wanted) {
        return ask(() -> near.reserve(wanted));
    }

    @Override
    public SharedLock lock(String name, int permits) {
        Loop asking = ledger.process().world().running();
        Promise<Void> held = Promise.promise();
        Future<SharedLock> wish = ask(() -> Future.succeededFuture(near.lock(name, permits)));
        wish.compose(SharedLock::held)
                .onComplete(
                        done -> ledger.store().travel().onSuccess(there -> asking.execute(() -> held.handle(done))));
        return new SharedLock() {
            @Override
            public Future<Void> held() {
                return held.future();
            }

            @Override
            public void release() {
                wish.onSuccess(lock -> ask(() -> {
                    lock.release();
                    return Future.succeededFuture();
                }));
            }
        };
    }

    @Override
    public Future<Ending> ending(Set<String> sources) {
        return ask(() -> near.ending(sources));
    }
}
