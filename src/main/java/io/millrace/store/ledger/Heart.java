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

/** Says every so often that this process lives, on a line of its own: a long commit must not hold it up. */
final class Heart {
    /** A third of what makes a process dead. */
    static final Duration BEAT = Duration.ofSeconds(10);

    private static final String SAY =
            "WITH beaten AS (UPDATE millrace.node SET beat = clock_timestamp() WHERE node = $1)"
                    + " SELECT inc FROM millrace.inc WHERE node = $1 AND live";

    private final Vertx vertx;
    private final Dial dial;
    private final long node;
    private final BiConsumer<Set<Long>, Long> heard;
    private final long timer;
    private @Nullable Line line;
    private boolean beating;
    private boolean stopped;

    /** @param heard takes the incarnations of this process that are alive, and when they were asked for (nanoTime) */
    Heart(Vertx vertx, Dial dial, long node, Line line, BiConsumer<Set<Long>, Long> heard) {
        this.vertx = vertx;
        this.dial = dial;
        this.node = node;
        this.line = line;
        this.heard = heard;
        this.timer = vertx.setPeriodic(BEAT.toMillis(), id -> beat());
    }

    /** Completes when the store has heard it, or fails; does nothing while another beat is under way. */
    synchronized Future<Void> beat() {
        if (beating || stopped) {
            return Future.succeededFuture();
        }
        beating = true;
        long sentAt = System.nanoTime();
        return connected()
                .compose(on -> on.run(SAY, node)
                        .timeout(BEAT.toMillis(), TimeUnit.MILLISECONDS)
                        .onFailure(thrown -> on.drop())
                        .onSuccess(rows -> keep(on)))
                .onSuccess(rows -> heard.accept(incs(rows), sentAt))
                .onComplete(done -> rest())
                .mapEmpty();
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
        beating = false;
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
