package io.millrace.store.ledger;

import io.millrace.ledger.Commit;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.RunState;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Commits of a run, one after another, on a line of their own.
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
 * nor moved by us, or no longer live, another process has the run: a move needs the {@code hold}, which whoever declares a process dead deletes first.
 */
final class Commits {
    private static final Duration SURE = Duration.ofSeconds(20);

    static final String END_BACKEND =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2";

    private static final String MOVE = """
            WITH held AS (SELECT hold FROM millrace.hold WHERE hold = $5 FOR SHARE),
                old AS (DELETE FROM millrace.inc i USING held WHERE i.inc = $1 AND i.live
                    RETURNING i.node, i.run, i.commit_no, i.counts, i.hold, i.shared)
            INSERT INTO millrace.inc (inc, node, run, backend, since, live, commit_no, counts, hold, shared)
            SELECT $2, node, run, $3, $4, true, commit_no, counts, hold, shared FROM old
            RETURNING inc, live, commit_no""";

    private static final String MOVED =
            "SELECT inc, live, commit_no FROM millrace.inc WHERE inc IN ($1, $2) ORDER BY inc DESC LIMIT 1";

    /** A try of one commit or of closing, on a line. */
    private interface Work extends Function<Attempt, Future<Optional<Outcome>>> {}

    private final Home home;
    private final Dial dial;
    private final Patience patience;
    private final Absence absence;
    private final Held held;
    private volatile long inc;
    private volatile long sureAt = System.nanoTime();
    private long next;
    private long done;
    private int pid;
    private @Nullable OffsetDateTime since;
    private @Nullable Line line;
    private Map<String, Integer> known = Map.of();
    private boolean busy;
    private volatile boolean closed;
    private volatile boolean abandoned;
    private int tries;

    /** What a process has of a run: {@code hold} is its first incarnation. */
    record Held(long run, String flow, long hold, Claims claims) {}

    Commits(Home home, Dial dial, Patience patience, Absence absence, Held held, Line line) {
        this.home = home;
        this.dial = dial;
        this.patience = patience;
        this.absence = absence;
        this.held = held;
        this.inc = held.hold();
        adopt(line);
    }

    long inc() {
        return inc;
    }

    Future<Outcome> commit(Commit commit) {
        return home.ask(() -> alone(attempt -> attempt.of(commit), false).onSuccess(outcome -> {
            if (outcome instanceof Outcome.Committed) {
                held.claims().forget(commit.done());
            }
        }));
    }

    Future<Outcome> close(RunState state, int exitCode) {
        return home.ask(() -> alone(attempt -> attempt.close(state, exitCode), true));
    }

    boolean isSure() {
        return System.nanoTime() - sureAt < SURE.toNanos();
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
        home.run(this::hangUp);
    }

    private Future<Outcome> alone(Work work, boolean last) {
        if (busy || closed) {
            return Future.failedFuture(
                    new IllegalStateException(closed ? "the run was closed" : "a commit is under way"));
        }
        busy = true;
        closed = last;
        return persist(work).onComplete(outcome -> rest(last));
    }

    private void rest(boolean last) {
        busy = false;
        known = Map.of();
        if (last) {
            hangUp();
        }
    }

    private Future<Outcome> persist(Work work) {
        Line on = line;
        if (on == null) {
            return Future.failedFuture(new IllegalStateException("the ledger was closed"));
        }
        long sentAt = System.nanoTime();
        Attempt attempt = new Attempt(on, held, inc, done + 1);
        return home.here(patience.watch(on, work.apply(attempt))).transform(said -> {
            known = attempt.known();
            return said.succeeded() ? settle(said.result(), work, sentAt) : lose(said.cause(), work);
        });
    }

    private Future<Outcome> settle(Optional<Outcome> said, Work work, long sentAt) {
        if (said.isEmpty()) {
            return home.pause(tries++).compose(waited -> persist(work));
        }
        if (said.get() instanceof Outcome.Committed) {
            done++;
            sureAt = sentAt;
        }
        return known(said.get());
    }

    /** The run is no longer ours. */
    void lost() {
        sureAt = System.nanoTime() - 2 * SURE.toNanos();
    }

    private Future<Outcome> known(Outcome outcome) {
        tries = 0;
        if (outcome instanceof Outcome.Fenced) {
            lost();
        }
        absence.end(this);
        return Future.succeededFuture(outcome);
    }

    private Future<Outcome> lose(Throwable thrown, Work work) {
        hangUp();
        absence.begin(this, thrown);
        return recover(work);
    }

    private Future<Outcome> recover(Work work) {
        if (abandoned) {
            return Future.failedFuture(new IllegalStateException("the ledger was closed"));
        }
        return home.here(home.pause(tries++)
                        .compose(waited -> dial.dial())
                        .compose(fresh -> patience.watch(fresh, move(fresh)).onFailure(thrown -> fresh.drop())))
                .transform(moved -> moved.succeeded() ? found(moved.result(), work) : lose(moved.cause(), work));
    }

    /** What became of the old incarnation, as of a line that is ours from now on. */
    private record Found(Line line, @Nullable Row inc) {}

    private Future<Found> move(Line fresh) {
        return endBackend(fresh)
                .compose(ended -> choose(fresh))
                .compose(chosen -> fresh.run(MOVE, inc, next, fresh.pid(), fresh.since(), held.hold()))
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
            return known(new Outcome.Committed(done, known));
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

    private static @Nullable Row first(RowSet<Row> rows) {
        return rows.size() == 0 ? null : rows.iterator().next();
    }
}
