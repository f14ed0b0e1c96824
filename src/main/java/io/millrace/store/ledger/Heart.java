package io.millrace.store.ledger;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Says every so often that this process lives, on a line of its own: a long commit must not hold it up. More often it looks who does not. */
final class Heart {
    /** A third of what makes a process dead. */
    private static final Duration BEAT = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(2_500);

    private static final String SAY =
            "WITH beaten AS (UPDATE millrace.node SET beat = clock_timestamp() WHERE node = $1)"
                    + " SELECT inc FROM millrace.inc WHERE node = $1 AND live";

    private final Vertx vertx;
    private final Dial dial;
    private final long node;
    private final Undertaker undertaker;
    private final BiConsumer<Set<Long>, Long> heard;
    private final long timer;
    private @Nullable Line line;
    private long beatAt = System.nanoTime();
    private boolean busy;
    private boolean stopped;

    /** @param heard takes the incarnations of this process that are alive, and when they were asked for (nanoTime) */
    Heart(Vertx vertx, Dial dial, long node, Line line, Undertaker undertaker, BiConsumer<Set<Long>, Long> heard) {
        this.vertx = vertx;
        this.dial = dial;
        this.node = node;
        this.line = line;
        this.undertaker = undertaker;
        this.heard = heard;
        this.timer = vertx.setPeriodic(LOOK.toMillis(), id -> turn());
    }

    private synchronized void turn() {
        boolean due = System.nanoTime() - beatAt > BEAT.toNanos() - LOOK.toNanos() / 2;
        use(on -> (due ? say(on) : Future.<Void>succeededFuture()).compose(said -> look(on)));
    }

    /** Completes when the store has heard it, or fails; does nothing while another beat or look is under way. */
    Future<Void> beat() {
        return use(this::say);
    }

    /** Likewise, when the dead are buried. */
    Future<Void> look() {
        return use(this::look).compose(looked -> undertaker.work());
    }

    private interface Work {
        Future<Void> on(Line line);
    }

    private synchronized Future<Void> use(Work work) {
        if (busy || stopped) {
            return Future.succeededFuture();
        }
        busy = true;
        return connected()
                .compose(on -> work.on(on)
                        .timeout(BEAT.toMillis(), TimeUnit.MILLISECONDS)
                        .onFailure(thrown -> on.drop())
                        .onSuccess(done -> keep(on)))
                .onFailure(thrown -> undertaker.lost())
                .onComplete(done -> rest());
    }

    private Future<Void> say(Line on) {
        long sentAt = System.nanoTime();
        return on.run(SAY, node)
                .onSuccess(rows -> beaten(sentAt))
                .onSuccess(rows -> heard.accept(incs(rows), sentAt))
                .mapEmpty();
    }

    private synchronized void beaten(long at) {
        beatAt = at;
    }

    private synchronized Future<Void> look(Line on) {
        return undertaker.look(on, beatAt);
    }

    private Future<Line> connected() {
        Line on = line;
        line = null;
        return on == null ? dial.dial() : Future.succeededFuture(on);
    }

    private synchronized void keep(Line on) {
        line = on;
        if (stopped) {
            hangUp();
        }
    }

    private synchronized void rest() {
        busy = false;
    }

    /** Beats no more; the node stays in the store, silent. */
    synchronized void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        hangUp();
    }

    private void hangUp() {
        Line on = line;
        line = null;
        if (on != null) {
            on.drop();
        }
    }

    private static Set<Long> incs(RowSet<Row> rows) {
        Set<Long> incs = new HashSet<>();
        rows.forEach(row -> incs.add(row.getLong(0)));
        return incs;
    }
}
