package io.millrace.store.ledger;

import io.millrace.ledger.Claimed;
import io.millrace.ledger.Commit;
import io.millrace.ledger.Ending;
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
import io.millrace.store.ledger.Commits.Held;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A run on PostgreSQL: commits on one line, all else on another. All state belongs to one context. */
final class PostgresRun implements LedgerRun {
    private final Home home;
    private final Held held;
    private final long node;
    private final Commits commits;
    private final Desk desk;
    private final Leases leases;
    private final Locks locks;
    private final Rates rates;
    private final Backlog backlog;

    /** @param line on which the run was opened */
    PostgresRun(
            Vertx vertx, Dial dial, Patience patience, Presence presence, long node, Opening.Claim claim, Line line) {
        this.home = new Home(vertx);
        this.node = node;
        long run = claim.saved().run().id();
        long hold = claim.inc();
        this.held = new Held(run, claim.saved().run().flow(), hold, new Claims(run, hold));
        Absence absence = new Absence(presence);
        this.commits = new Commits(home, dial, patience, absence, held, line);
        this.desk = new Desk(home, dial, patience, absence, hold, commits::lost);
        this.leases = new Leases(run, hold);
        this.locks = new Locks(home, desk, leases);
        this.rates = new Rates(run);
        this.backlog = new Backlog(run);
    }

    @Override
    public long id() {
        return held.run();
    }

    @Override
    public long inc() {
        return commits.inc();
    }

    @Override
    public Future<Outcome> commit(Commit commit) {
        return commits.commit(commit);
    }

    @Override
    public Future<Outcome> close(RunState state, int exitCode) {
        return commits.close(state, exitCode).onComplete(done -> home.run(desk::close));
    }

    @Override
    public boolean isSure() {
        return commits.isSure();
    }

    @Override
    public Future<Saved> saved() {
        return read(line -> line.atOnce(() -> new Saving(line).saved(held.run(), 0)));
    }

    @Override
    public Future<List<Claimed>> claim(String stage, int limit, @Nullable Set<Integer> buckets) {
        Set<Integer> wanted = buckets == null ? null : Set.copyOf(buckets);
        return write(() -> held.claims().claim(stage, limit, wanted));
    }

    @Override
    public Future<Boolean> isDry(String stage, @Nullable Set<Integer> buckets) {
        Set<Integer> wanted = buckets == null ? null : Set.copyOf(buckets);
        return read(line -> backlog.isDry(line, stage, wanted));
    }

    @Override
    public Future<Void> giveBack(List<GivenBack> rows) {
        return rows.isEmpty()
                ? Future.succeededFuture()
                : write(() -> held.claims().giveBack(rows));
    }

    @Override
    public Future<Map<String, Long>> backlog() {
        return read(backlog::sizes);
    }

    @Override
    public Future<Set<String>> lease(String kind, Collection<String> names) {
        return write(() -> leases.take(kind, names));
    }

    @Override
    public Future<Void> release(String kind, Collection<String> names) {
        return write(() -> leases.release(kind, names));
    }

    @Override
    public Future<List<Lease>> leases() {
        return read(leases::all);
    }

    @Override
    public Future<List<Member>> others() {
        return read(line -> new Members(line).others(held.run(), node));
    }

    @Override
    public Future<List<Permits.Reserved>> reserve(List<Permits.Wanted> wanted) {
        return read(line -> rates.reserve(line, wanted));
    }

    @Override
    public SharedLock lock(String name, int permits) {
        return locks.want(name, permits);
    }

    @Override
    public Future<Ending> ending(Set<String> sources) {
        return read(line -> backlog.ending(line, sources));
    }

    @Override
    public Future<Boolean> isDone(Set<String> sources, Set<String> stages) {
        return read(line -> backlog.isDone(line, sources, stages));
    }

    private <T> Future<T> read(Function<Line, Future<T>> question) {
        return home.ask(() -> desk.read(question));
    }

    private <T> Future<T> write(Supplier<Desk.Write<T>> work) {
        return home.ask(() -> desk.write(work.get()));
    }

    /** See {@link Commits#beat}. */
    void beat(Set<Long> alive, long sentAt) {
        commits.beat(alive, sentAt);
    }

    boolean isClosed() {
        return commits.isClosed();
    }

    /** The ledger is closed: whatever waits, waits no longer. */
    void abandon() {
        commits.abandon();
        home.run(desk::close);
    }
}
