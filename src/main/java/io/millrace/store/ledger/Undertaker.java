package io.millrace.store.ledger;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks for dead processes, so that what they had goes to the living. Each process does; one at a time buries.
 *
 * <p>Who could not reach the store itself, or sees the store's clock jump, knows nothing of the others' silence: it waits until they had time to beat.
 */
final class Undertaker {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final long SETTLE_NS = Duration.ofSeconds(25).toNanos();
    private static final double CLOCK_STEPS_SECONDS = 5;

    /** "burial" in ASCII. */
    private static final long LOCK = 0x62757269616cL;

    private static final String OTHERS = "SELECT i.hold, " + Sign.COLUMNS
            + " FROM millrace.inc i LEFT JOIN millrace.node n USING (node) WHERE i.live AND i.node <> $1 ORDER BY i.hold";

    private static final String OWN =
            "SELECT extract(epoch FROM clock_timestamp() - beat)::float8 FROM millrace.node WHERE node = $1";

    private final Dial dial;
    private final long node;
    private final Sign.Judge judge;
    private final long settle;
    private volatile long contactSince = System.nanoTime();
    private volatile Future<Void> work = Future.succeededFuture();
    private volatile long tidied = System.nanoTime();

    Undertaker(Dial dial, long node, Sign.Judge judge) {
        this.dial = dial;
        this.node = node;
        this.judge = judge;
        this.settle = judge.grace().isZero() ? 0 : SETTLE_NS;
    }

    /** The store could not be reached. */
    void lost() {
        contactSince = System.nanoTime();
    }

    /**
     * @param line for questions that nobody waits for long
     * @param beatAt when this process beat last (nanoTime)
     * @return completes when that is done; what follows from it goes on
     */
    Future<Void> look(Line line, long beatAt) {
        Future<RowSet<Row>> own = line.run(OWN, node);
        return line.run(OTHERS, node)
                .compose(rows -> own.map(mine -> {
                    watchClock(mine, beatAt);
                    return begin(rows);
                }));
    }

    /** What the last look has led to. */
    Future<Void> work() {
        return work;
    }

    private @Nullable Void begin(RowSet<Row> rows) {
        if (work.isComplete()) {
            work = dead(rows).isEmpty() ? tidy() : bury();
        }
        return null;
    }

    private void watchClock(RowSet<Row> own, long beatAt) {
        double passed = (System.nanoTime() - beatAt) / 1e9;
        for (Row row : own) {
            if (row.getDouble(0) > passed + CLOCK_STEPS_SECONDS && settle > 0) {
                lost();
            }
        }
    }

    private List<Long> dead(RowSet<Row> rows) {
        boolean settled = System.nanoTime() - contactSince >= settle;
        List<Long> dead = new ArrayList<>();
        for (Row row : rows) {
            Sign sign = Sign.of(row, 1);
            if (settled ? judge.isDead(sign) : judge.isGone(sign)) {
                dead.add(row.getLong(0));
            }
        }
        return dead;
    }

    /** Whoever has beaten meanwhile is let live. */
    private Future<Void> bury() {
        return alone(line -> line.run(OTHERS, node).compose(rows -> Burial.of(line, dead(rows))));
    }

    private interface Work {
        Future<Void> on(Line line);
    }

    /** In a transaction on a line of its own, unless another process is at it. */
    private Future<Void> alone(Work work) {
        return dial.dial()
                .compose(line -> line.transaction(() -> line.run("SELECT pg_try_advisory_xact_lock($1)", LOCK)
                                .compose(rows -> rows.iterator().next().getBoolean(0)
                                        ? work.on(line)
                                        : Future.<Void>succeededFuture()))
                        .timeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                        .onComplete(done -> line.drop()));
    }

    /** Now and then, some of what nobody needs any more. */
    private Future<Void> tidy() {
        long now = System.nanoTime();
        if (now - tidied < Duration.ofMinutes(1).toNanos()) {
            return Future.succeededFuture();
        }
        tidied = now;
        return alone(Tidying::of);
    }
}
