package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/**
 * Tells a slow statement from a dead line. A statement may rightly run for an hour, and a cut line looks the same from here: no packet
 * comes. So when one has been under way for long, another connection asks the server what it does for this one. If it does nothing, and has done nothing when it
 * is asked again, or no connection can be had twice, the line is given up.
 */
final class Watchdog {
    private static final String DOING =
            "SELECT state = 'active', state_change::text FROM pg_stat_activity WHERE pid = $1";

    private final Vertx vertx;
    private final Dialer dialer;
    private final Lanes lanes;
    private final Duration patience;
    private final long timer;
    private boolean asking;

    Watchdog(Vertx vertx, Dialer dialer, Lanes lanes, Duration patience) {
        this.vertx = vertx;
        this.dialer = dialer;
        this.lanes = lanes;
        this.patience = patience;
        this.timer = vertx.setPeriodic(Math.max(1, patience.toMillis() / 2), id -> look());
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void look() {
        var slow = lanes.slow(patience);
        if (asking || slow.isEmpty()) {
            return;
        }
        asking = true;
        dialer.dial()
                .compose(line -> Future.join(slow.stream()
                                .map(lane -> ask(line.connection(), lane))
                                .toList())
                        .eventually(() -> lanes.within(line.connection().close())))
                .onFailure(thrown -> slow.forEach(lane -> lanes.strike(lane, "", gone())))
                .onComplete(done -> asking = false);
    }

    private Future<Void> ask(PgConnection connection, Lane lane) {
        if (!lane.direct) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery(DOING)
                .execute(Tuple.of(lane.connection.processId()))
                .map(rows -> {
                    Row doing = rows.size() == 0 ? null : rows.iterator().next();
                    if (doing != null && Boolean.TRUE.equals(doing.getBoolean(0))) {
                        lanes.alive(lane);
                    } else {
                        lanes.strike(lane, doing == null ? "" : String.valueOf(doing.getString(1)), gone());
                    }
                    return null;
                });
    }

    private static Failure gone() {
        return Failure.of(
                Kind.UNREACHABLE,
                "the connection to PostgreSQL fell silent, and the server knows nothing of the statement");
    }
}
