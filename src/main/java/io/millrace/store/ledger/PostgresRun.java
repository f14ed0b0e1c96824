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
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A run on PostgreSQL. All state belongs to one context.
 *
 * <p><b>Commits whose fate is unknown.</b> A line that breaks while a commit is under way leaves three possibilities: the server never saw COMMIT; it
 * committed, and the answer was lost; or the commit is still on its way and will happen <i>later</i>. Asking for the number of the last commit
 * tells the first two apart and is fooled by the third: "not there" is followed by a second try of the same number, the late one arrives between, and of two
 * batches one counts that nobody thinks so of. Therefore nothing is tried again under the same incarnation. On a new line:
 *
 * <ol>
 *   <li>the server is told to end the process that served the old line;
 *   <li>one statement deletes the old {@code inc} and inserts a new one with its commit number. The deletion waits for the lock of a late
 *       transaction's fence, so that one is either in the number or has failed; and one that has not come to its fence finds no {@code inc} any more;
 *   <li>the number says whether the commit is kept; if not, it is sent again behind the new fence.
 * </ol>
 *
 * The statement may be of unknown fate itself. The new {@code inc} is chosen before, so whoever tries again finds it. If the {@code inc} is neither there
 * nor moved by us, or no longer live, another process has the run.
 */
final class PostgresRun implements LedgerRun {
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 2_000;
    private static final Duration SURE = Duration.ofSeconds(20);

    static final String END_BACKEND =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2";

    private static final String MOVE = """
            WITH old AS (DELETE FROM millrace.inc WHERE inc = $1 AND live RETURNING node, run, commit_no, counts)
            INSERT INTO millrace.inc (inc, node, run, backend, since, live, commit_no, counts)
            SELECT $2, node, run, $3, $4, true, commit_no, counts FROM old RETURNING inc, live, commit_no""";

    private static final String MOVED =
            "SELECT inc, live, commit_no FROM millrace.inc WHERE inc IN ($1, $2) ORDER BY inc DESC LIMIT 1";

    /** A try of one commit or of closing, on a line. */
    private interface Work extends Function<Attempt, Future<Optional<Outcome>>> {}

    private final Vertx vertx;
    private final Context context;
    private final Dial dial;
    private final Patience patience;
    private final Presence presence;
    private final long id;
    private volatile long inc;
    private volatile long sureAt;
    private long next;
    private long done;
    private int pid;
    private @Nullable OffsetDateTime since;
    private @Nullable Line line;
    private boolean busy;
    private volatile boolean closed;
    private volatile boolean abandoned;
    private long awaySince;
    private int tries;

    PostgresRun(Vertx vertx, Dial dial, Patience patience, Presence presence, long id, long inc, Line line) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.dial = dial;
        this.patience = patience;
        this.presence = presence;
        this.id = id;
        this.inc = inc;
        this.sureAt = System.nanoTime();
        adopt(line);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public long inc() {
        return inc;
    }

    @Override
    public Future<Outcome> commit(Commit commit) {
        return alone(attempt -> attempt.of(commit), false);
    }

    @Override
    public Future<Outcome> close(RunState state, int exitCode) {
        return alone(attempt -> attempt.close(state.name(), exitCode, state != RunState.UNFINISHED), true);
    }

    @Override
    public boolean isSure() {
        return System.nanoTime() - sureAt < SURE.toNanos();
    }

    @Override
    public Future<Saved> saved() {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public Future<List<Claimed>> claim(String stage, int limit, @Nullable Set<Integer> buckets) {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public Future<Void> giveBack(List<GivenBack> rows) {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public Future<Map<String, Long>> backlog() {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public Future<Set<String>> lease(String kind, Collection<String> names) {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public Future<Void> release(String kind, Collection<String> names) {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public Future<List<Lease>> leases() {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public Future<List<Member>> others() {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public Future<List<Permits.Reserved>> reserve(List<Permits.Wanted> wanted) {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public Future<Ending> ending(Set<String> sources) {
        return Future.failedFuture(new IllegalStateException("not yet"));
    }

    @Override
    public SharedLock lock(String name, int permits) {
        throw new IllegalStateException("not yet");
    }

    /** A heartbeat that was sent then found these incarnations alive. */
    void beat(Set<Long> alive, long sentAt) {
        if (alive.contains(inc)) {
            sureAt = Math.max(sureAt, sentAt);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** The ledger is closed: whatever waits, waits no longer. */
    void abandon() {
        abandoned = true;
        context.runOnContext(ignored -> hangUp());
    }

    private Future<Outcome> alone(Work work, boolean last) {
        Context caller = vertx.getOrCreateContext();
        Promise<Outcome> promise = Promise.promise();
        context.runOnContext(ignored -> {
            if (busy || closed) {
                promise.fail(new IllegalStateException(closed ? "the run was closed" : "a commit is under way"));
                return;
            }
            busy = true;
            closed = last;
            persist(work).onComplete(outcome -> {
                busy = false;
                if (last) {
                    hangUp();
                }
                caller.runOnContext(back -> promise.handle(outcome));
            });
        });
        return promise.future();
    }

    private Future<Outcome> persist(Work work) {
        Line on = line;
        if (on == null) {
            return Future.failedFuture(new IllegalStateException("the ledger was closed"));
        }
        long sentAt = System.nanoTime();
        return here(patience.watch(on, work.apply(new Attempt(on, id, inc, done + 1))))
                .transform(said -> said.succeeded() ? settle(said.result(), work, sentAt) : lose(said.cause(), work));
    }

    private Future<Outcome> settle(Optional<Outcome> said, Work work, long sentAt) {
        if (said.isEmpty()) {
            return pause().compose(waited -> persist(work));
        }
        if (said.get() instanceof Outcome.Committed) {
            done++;
            sureAt = sentAt;
        }
        return known(said.get());
    }

    /** The store works again only when it has done what it was asked to: a full disk can be connected to. */
    private Future<Outcome> known(Outcome outcome) {
        tries = 0;
        if (awaySince != 0) {
            presence.back(Duration.ofNanos(System.nanoTime() - awaySince));
            awaySince = 0;
        }
        return Future.succeededFuture(outcome);
    }

    private Future<Outcome> lose(Throwable thrown, Work work) {
        hangUp();
        if (awaySince == 0) {
            awaySince = System.nanoTime();
            presence.away(Faults.why(thrown));
        }
        return recover(work);
    }

    private Future<Outcome> recover(Work work) {
        if (abandoned) {
            return Future.failedFuture(new IllegalStateException("the ledger was closed"));
        }
        return here(pause().compose(waited -> dial.dial())
                        .compose(fresh -> patience.watch(fresh, move(fresh)).onFailure(thrown -> fresh.drop())))
                .transform(moved -> moved.succeeded() ? found(moved.result(), work) : lose(moved.cause(), work));
    }

    /** What became of the old incarnation, as of a line that is ours from now on. */
    private record Found(Line line, @Nullable Row inc) {}

    private Future<Found> move(Line fresh) {
        return endBackend(fresh)
                .compose(ended -> choose(fresh))
                .compose(chosen -> fresh.run(MOVE, inc, next, fresh.pid(), fresh.since()))
                .compose(rows -> rows.size() > 0 ? Future.succeededFuture(rows) : fresh.run(MOVED, inc, next))
                .map(rows -> new Found(fresh, first(rows)));
    }

    private Future<?> endBackend(Line fresh) {
        return since == null ? Future.succeededFuture() : fresh.run(END_BACKEND, pid, since);
    }

    private Future<?> choose(Line fresh) {
        return next != 0
                ? Future.succeededFuture()
                : fresh.script("SELECT nextval('millrace.incs')")
                        .onSuccess(rows -> next = rows.iterator().next().getLong(0));
    }

    private Future<Outcome> found(Found found, Work work) {
        adopt(found.line());
        Row row = found.inc();
        if (row == null) {
            return known(new Outcome.Fenced());
        }
        boolean ours = row.getBoolean(1) && row.getLong(0) == next;
        if (ours) {
            inc = next;
            next = 0;
        }
        if (row.getLong(2) == done + 1) {
            done++;
            return known(new Outcome.Committed(done));
        }
        return ours ? persist(work) : known(new Outcome.Fenced());
    }

    private void adopt(Line fresh) {
        line = fresh;
        pid = fresh.pid();
        since = fresh.since();
    }

    private void hangUp() {
        Line on = line;
        line = null;
        if (on != null) {
            on.drop();
        }
    }

    /** Nothing the first time, then longer and longer. */
    private Future<Void> pause() {
        if (tries++ == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        vertx.setTimer(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(tries, 10)), id -> promise.complete());
        return promise.future();
    }

    /** The same, back on the context to which all state belongs. */
    private <T> Future<T> here(Future<T> future) {
        Promise<T> promise = Promise.promise();
        future.onComplete(result -> {
            if (Vertx.currentContext() == context) {
                promise.handle(result);
            } else {
                context.runOnContext(ignored -> promise.handle(result));
            }
        });
        return promise.future();
    }

    private static @Nullable Row first(RowSet<Row> rows) {
        return rows.size() == 0 ? null : rows.iterator().next();
    }
}
