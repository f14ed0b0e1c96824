package io.millrace.store.ledger;

import io.millrace.ledger.Opened;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.Saved;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.function.Function;

/**
 * Finds a run or begins one, in one transaction behind a lock of its flow and params. Who runs it and is dead is ended: its backend, its incarnation, and with them
 * whatever it still sends.
 */
final class Opening {
    /** What a claim of a run came to. */
    record Claim(long inc, boolean resumed, Saved saved) {}

    /** Either an answer or a claim, which counts once the transaction is committed. */
    record Result(Function<Function<Claim, Opened>, Opened> answer) {
        static Result of(Opened opened) {
            return new Result(claim -> opened);
        }

        static Result of(Claim claimed) {
            return new Result(claim -> claim.apply(claimed));
        }
    }

    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1 || chr(1) || $2, 0))";

    private static final String NEWEST =
            "SELECT run, state FROM millrace.run WHERE flow = $1 AND params = $2 ORDER BY run DESC LIMIT 1";

    private static final String OWNER = """
            SELECT i.backend, i.since, n.host, n.machine, n.pid, n.started,
                   extract(epoch FROM clock_timestamp() - n.beat)::float8
            FROM millrace.inc i LEFT JOIN millrace.node n USING (node) WHERE i.run = $1 AND i.live""";

    private static final String BEGIN =
            "INSERT INTO millrace.run (flow, params, shape, state) VALUES ($1, $2, $3::text::json, $4) RETURNING run";

    private static final String STARTS = """
            SELECT count(*) FROM millrace.inc WHERE run = $1 AND inc >
                (SELECT coalesce(max(inc), 0) FROM millrace.inc WHERE run = $1 AND commit_no > 0)""";

    private static final String CLAIM = """
            INSERT INTO millrace.inc (inc, node, run, backend, since, live, commit_no)
            VALUES (nextval('millrace.incs'), $1, $2, $3, $4, true, 0) RETURNING inc""";

    private static final double DEAD_AFTER_SECONDS = 30;

    private final Line line;
    private final long node;
    private final Machine machine;
    private final RunRequest request;

    Opening(Line line, long node, Machine machine, RunRequest request) {
        this.line = line;
        this.node = node;
        this.machine = machine;
        this.request = request;
    }

    Future<Result> run() {
        return line.transaction(() -> line.run(LOCK, request.flow(), request.params())
                .compose(locked -> line.run(NEWEST, request.flow(), request.params()))
                .compose(rows ->
                        rows.size() == 0 ? begin() : found(rows.iterator().next())));
    }

    private Future<Result> found(Row newest) {
        long run = newest.getLong(0);
        RunState state = RunState.valueOf(newest.getString(1));
        if (state == RunState.UNFINISHED) {
            return line.run(OWNER, run).compose(owners -> owners.size() == 0 ? takeOver(run) : meet(run, owners));
        }
        return state == RunState.CANCELLED || request.fresh()
                ? begin()
                : new Saving(line).saved(run, 0).map(saved -> Result.of(new Opened.Finished(saved)));
    }

    private Future<Result> meet(long run, RowSet<Row> owners) {
        for (Row owner : owners) {
            if (!isDead(owner)) {
                return Future.succeededFuture(Result.of(elsewhere(run, owner)));
            }
        }
        Future<?> ended = Future.succeededFuture();
        for (Row owner : owners) {
            ended = ended.compose(
                    before -> line.run(PostgresRun.END_BACKEND, owner.getInteger(0), owner.getOffsetDateTime(1)));
        }
        return ended.compose(all -> takeOver(run));
    }

    private boolean isDead(Row owner) {
        Double silence = owner.getDouble(6);
        return silence == null
                || silence > DEAD_AFTER_SECONDS
                || machine.hasEnded(owner.getString(3), owner.getLong(4), owner.getLong(5));
    }

    private static Opened elsewhere(long run, Row owner) {
        return new Opened.Elsewhere(
                run,
                owner.getString(2),
                owner.getLong(4),
                Duration.ofMillis(Math.max(0, Math.round(owner.getDouble(6) * 1000))));
    }

    /** Waits for the lock of the fence that a late transaction holds; what is read afterwards is final. */
    private Future<Result> takeOver(long run) {
        Future<?> fenced = line.run("UPDATE millrace.inc SET live = false WHERE run = $1 AND live", run);
        return request.fresh()
                ? fenced.compose(done -> cancel(run)).compose(done -> begin())
                : fenced.compose(done -> claim(run, true));
    }

    private Future<?> cancel(long run) {
        return line.run(
                "UPDATE millrace.run SET state = $2, ended = clock_timestamp() WHERE run = $1",
                run,
                RunState.CANCELLED.name());
    }

    private Future<Result> begin() {
        return line.run(BEGIN, request.flow(), request.params(), Json.text(request.shape()), RunState.UNFINISHED.name())
                .compose(rows -> claim(rows.iterator().next().getLong(0), false));
    }

    private Future<Result> claim(long run, boolean resumed) {
        OffsetDateTime since = line.since();
        return line.run(STARTS, run)
                .compose(starts -> new Saving(line)
                        .saved(run, starts.iterator().next().getLong(0).intValue()))
                .compose(saved -> line.run(CLAIM, node, run, line.pid(), since)
                        .map(rows -> Result.of(new Claim(rows.iterator().next().getLong(0), resumed, saved))));
    }
}
