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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A run in a {@link DistantLedger}. The participants of a commit run in the process, as long as it does; then COMMIT is sent. */
final class DistantRun implements LedgerRun {
    private final LedgerRun near;
    private final DistantLedger ledger;

    DistantRun(LedgerRun near, DistantLedger ledger) {
        this.near = near;
        this.ledger = ledger;
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
        return near.isSure();
    }

    @Override
    public Future<Outcome> commit(Commit commit) {
        Loop asking = ledger.process().world().running();
        List<Function<StoreTransaction, Future<List<DeadLetter>>>> participants = new ArrayList<>();
        commit.participants().forEach(one -> participants.add(open -> here(asking, () -> one.apply(open))));
        participants.add(open -> ledger.store()
                .arrival(ledger.process(), ledger.store().travel())
                .map(List.of()));
        Promise<Outcome> answer = Promise.promise();
        near.commit(commit.withParticipants(participants)).onComplete(done -> {
            ledger.store().committed(this, done);
            ledger.store().travel().onSuccess(back -> asking.execute(() -> answer.handle(done)));
        });
        return answer.future();
    }

    /** Does the work in a task of the loop, and goes on from there. */
    private static <T> Future<T> here(Loop loop, java.util.function.Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.execute(() -> work.get().onComplete(done));
        return done.future();
    }

    @Override
    public Future<Outcome> close(RunState state, int exitCode) {
        return ledger.ask(() -> near.close(state, exitCode));
    }

    @Override
    public Future<Saved> saved() {
        return ledger.ask(near::saved);
    }

    @Override
    public Future<List<Claimed>> claim(String stage, int limit, @Nullable Set<Integer> buckets) {
        return ledger.ask(() -> near.claim(stage, limit, buckets));
    }

    @Override
    public Future<Boolean> isDry(String stage, @Nullable Set<Integer> buckets) {
        return ledger.ask(() -> near.isDry(stage, buckets));
    }

    @Override
    public Future<Void> giveBack(List<GivenBack> rows) {
        return ledger.ask(() -> near.giveBack(rows));
    }

    @Override
    public Future<Map<String, Long>> backlog() {
        return ledger.ask(near::backlog);
    }

    @Override
    public Future<Set<String>> lease(String kind, Collection<String> names) {
        return ledger.ask(() -> near.lease(kind, names));
    }

    @Override
    public Future<Void> release(String kind, Collection<String> names) {
        return ledger.ask(() -> near.release(kind, names));
    }

    @Override
    public Future<List<Lease>> leases() {
        return ledger.ask(near::leases);
    }

    @Override
    public Future<List<Member>> others() {
        return ledger.ask(near::others);
    }

    @Override
    public Future<List<Permits.Reserved>> reserve(List<Permits.Wanted> wanted) {
        return ledger.ask(() -> near.reserve(wanted));
    }

    @Override
    public SharedLock lock(String name, int permits) {
        return near.lock(name, permits);
    }

    @Override
    public Future<Ending> ending(Set<String> sources) {
        return ledger.ask(() -> near.ending(sources));
    }
}
