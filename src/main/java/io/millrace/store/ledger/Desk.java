package io.millrace.store.ledger;

import io.millrace.ledger.FencedException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that is asked of a run beside its commits, one thing after another, on a line of its own that is opened when first needed. All state belongs to
 * the run's context.
 *
 * <p><b>Fates.</b> Each writing statement raises the {@code hold}'s number by one as part of itself, and does nothing if the number is not what it
 * expects. When a line breaks, its backend is ended and a new line raises the number by one too: that waits for the lock of a late statement, so it has
 * happened by then, or never will. What was under way is then asked again, told that it may have happened; asking twice must do no harm.
 *
 * <p>A process that is declared dead loses its {@code hold}, in the same transaction in which its claims go to others.
 */
final class Desk {
    /** To be put before a statement: {@code f} is empty if it must do nothing. Values 1 and 2 are the hold and the number. */
    static final String FENCE =
            "WITH f AS (UPDATE millrace.hold SET no = $2 WHERE hold = $1 AND no = $2 - 1 RETURNING hold)";

    private static final String SIT =
            "UPDATE millrace.hold SET no = no + 1, backend = $2, since = $3 WHERE hold = $1" + " RETURNING no";

    /** Statistics lag behind queues: what was an empty table a minute ago must not be read as a whole now. */
    static final String PLANS =
            "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

    private static final String HELD = "SELECT 1 FROM millrace.hold WHERE hold = $1";

    /** Something that changes the store. */
    interface Write<T> {
        /**
         * @param no its number
         * @param again whether it may have been done already
         * @return fails with {@link FencedException} if the statement found no {@code f}
         */
        Future<T> on(Line line, long no, boolean again);
    }

    private final class Task<T> {
        private final Write<T> write;
        private final boolean counts;
        private final Promise<T> promise = Promise.promise();
        private boolean again;

        Task(Write<T> write, boolean counts) {
            this.write = write;
            this.counts = counts;
        }

        Future<T> on(Line line) {
            return write.on(line, no + 1, again);
        }
    }

    private final Home home;
    private final Dial dial;
    private final Patience patience;
    private final Absence absence;
    private final long hold;
    private final Runnable fenced;
    private final Deque<Task<?>> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;
    private long no;
    private int pid;
    private @Nullable OffsetDateTime since;
    private @Nullable Line line;
    private long broken;
    private int tries;

    /** @param fenced is told that the run is no longer ours */
    Desk(Home home, Dial dial, Patience patience, Absence absence, long hold, Runnable fenced) {
        this.home = home;
        this.dial = dial;
        this.patience = patience;
        this.absence = absence;
        this.hold = hold;
        this.fenced = fenced;
    }

    long hold() {
        return hold;
    }

    /** To be called at home, as all else. */
    <T> Future<T> write(Write<T> write) {
        return queue(new Task<>(write, true));
    }

    /** What the store says while the run is ours. */
    <T> Future<T> read(Function<Line, Future<T>> question) {
        return queue(new Task<>(
                (on, number, again) -> {
                    Future<RowSet<Row>> held = on.run(HELD, hold);
                    Future<T> answer = question.apply(on);
                    return held.compose(rows -> rows.size() == 0 ? Future.failedFuture(new FencedException()) : answer);
                },
                false));
    }

    private <T> Future<T> queue(Task<T> task) {
        if (closed) {
            return Future.failedFuture(new IllegalStateException("the run was closed"));
        }
        waiting.add(task);
        turn();
        return task.promise.future();
    }

    private void turn() {
        Task<?> task = busy ? null : waiting.poll();
        if (task != null) {
            busy = true;
            serve(task);
        }
    }

    private <T> void serve(Task<T> task) {
        home.here(seated()).onComplete(seat -> {
            if (seat.succeeded()) {
                home.here(patience.watch(seat.result(), task.on(seat.result()))).onComplete(said -> judge(task, said));
            } else if (closed || seat.cause() instanceof FencedException) {
                finish(task, Future.failedFuture(seat.cause()));
            } else {
                lose(task, seat.cause());
            }
        });
    }

    private <T> void judge(Task<T> task, AsyncResult<T> said) {
        if (said.succeeded()) {
            no += task.counts ? 1 : 0;
            finish(task, Future.succeededFuture(said.result()));
        } else if (closed || isFinal(said.cause())) {
            finish(task, Future.failedFuture(said.cause()));
        } else if (Faults.isAgain(said.cause())) {
            home.pause(tries++).onComplete(waited -> serve(task));
        } else {
            task.again = true;
            lose(task, said.cause());
        }
    }

    /** Not for the store's absence, but for what was asked, or by mistake. */
    private static boolean isFinal(Throwable thrown) {
        String code = Faults.code(thrown);
        return thrown instanceof FencedException
                || (code != null && !Faults.isAway(thrown) && !Faults.isAgain(thrown))
                || Faults.isMistake(thrown);
    }

    private <T> void lose(Task<T> task, Throwable thrown) {
        hangUp();
        absence.begin(this, thrown);
        home.pause(tries++).onComplete(waited -> serve(task));
    }

    private <T> void finish(Task<T> task, Future<T> result) {
        busy = false;
        tries = 0;
        if (result.succeeded()) {
            absence.end(this);
        } else if (result.cause() instanceof FencedException) {
            fenced.run();
        }
        task.promise.handle(result);
        turn();
    }

    private Future<Line> seated() {
        if (closed) {
            return Future.failedFuture(new IllegalStateException("the run was closed"));
        }
        if (broken != absence.times()) {
            hangUp(); // a line may be dead without a word, and to find that out takes long
        }
        Line on = line;
        long dialled = absence.times();
        return on != null
                ? Future.succeededFuture(on)
                : dial.dial()
                        .compose(fresh ->
                                patience.watch(fresh, sit(fresh, dialled)).onFailure(thrown -> fresh.drop()));
    }

    private Future<Line> sit(Line fresh, long dialled) {
        Future<?> tuned = fresh.script(PLANS);
        return (since == null ? Future.succeededFuture() : fresh.run(Commits.END_BACKEND, pid, since))
                .compose(ended -> tuned)
                .compose(done -> home.here(fresh.run(SIT, hold, fresh.pid(), fresh.since())))
                .compose(rows -> rows.size() == 0
                        ? Future.failedFuture(new FencedException())
                        : Future.succeededFuture(
                                adopt(fresh, rows.iterator().next().getLong(0), dialled)));
    }

    private Line adopt(Line fresh, long number, long dialled) {
        if (closed) {
            fresh.drop();
        }
        line = fresh;
        broken = dialled;
        pid = fresh.pid();
        since = fresh.since();
        no = number;
        return fresh;
    }

    private void hangUp() {
        Line on = line;
        line = null;
        if (on != null) {
            on.drop();
        }
    }

    /** For a statement that tells nothing but its {@code f}. */
    static Future<RowSet<Row>> unlessFenced(RowSet<Row> rows) {
        return rows.size() == 0 ? Future.failedFuture(new FencedException()) : Future.succeededFuture(rows);
    }

    /** What waits is told so. */
    void close() {
        closed = true;
        hangUp();
        for (Task<?> task = waiting.poll(); task != null; task = waiting.poll()) {
            task.promise.fail(new IllegalStateException("the run was closed"));
        }
    }
}
