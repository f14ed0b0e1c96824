package io.millrace.store.ledger;

import io.millrace.ledger.Member;
import io.millrace.ledger.Opened;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.Saved;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds a run or begins one, in one transaction behind a lock of its flow and params. Who runs it and is dead is ended: its backend, its incarnation, and with them
 * whatever it still sends.
 */
final class Opening {
    /** What a claim of a run came to. */
    record Claim(long inc, boolean resumed, Saved saved, List<Member> others) {}

    /** Either an answer or a claim. */
    record Result(@Nullable Opened answer, @Nullable Claim claim) {
        static Result of(Opened opened) {
            return new Result(opened, null);
        }

        static Result of(Claim claimed) {
            return new Result(null, claimed);
        }

        /** The answer, or what becomes of the claim. */
        Opened opened(Function<Claim, Opened> claimed) {
            return claim == null ? Objects.requireNonNull(answer) : claimed.apply(claim);
        }
    }

    static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1 || chr(1) || $2, 0))";

    private static final String NEWEST =
            "SELECT run, state FROM millrace.run WHERE flow = $1 AND params = $2 ORDER BY run DESC LIMIT 1";

    private static final String OWNER = "SELECT i.hold, i.shared, " + Sign.COLUMNS
            + " FROM millrace.inc i LEFT JOIN millrace.node n USING (node) WHERE i.run = $1 AND i.live";

    private static final String BEGIN =
            "INSERT INTO millrace.run (flow, params, shape, state) VALUES ($1, $2, $3::text::json, $4) RETURNING run";

    /** Of those that are no more: others may just have begun. */
    private static final String STARTS = """
            SELECT count(*) FROM millrace.inc WHERE run = $1 AND NOT live AND inc >
                (SELECT coalesce(max(inc), 0) FROM millrace.inc WHERE run = $1 AND commit_no > 0)""";

    private static final String CLAIM = """
            WITH next AS (SELECT nextval('millrace.incs') AS inc),
                h AS (INSERT INTO millrace.hold (hold, run) SELECT inc, $2 FROM next)
            INSERT INTO millrace.inc (inc, node, run, backend, since, live, commit_no, hold, shared)
            SELECT inc, $1, $2, $3, $4, true, 0, inc, $5 FROM next RETURNING inc""";

    private final Line line;
    private final long node;
    private final Sign.Judge judge;
    private final RunRequest request;

    Opening(Line line, long node, Sign.Judge judge, RunRequest request) {
        this.line = line;
        this.node = node;
        this.judge = judge;
        this.request = request;
    }

    Future<Result> run() {
        return line.transaction(() -> line.run(LOCK, request.flow(), request.params())
                        .compose(locked -> line.run(NEWEST, request.flow(), request.params()))
                        .compose(rows -> rows.size() == 0
                                ? begin()
                                : found(rows.iterator().next())))
                .compose(this::readAgain);
    }

    /** While others go on committing, what was read piece by piece may not fit together. */
    private Future<Result> readAgain(Result result) {
        Claim claim = result.claim();
        if (claim == null || claim.others().isEmpty()) {
            return Future.succeededFuture(result);
        }
        Saved before = claim.saved();
        return line.atOnce(() -> new Saving(line).saved(before.run().id(), before.starts()))
                .map(saved -> Result.of(new Claim(claim.inc(), claim.resumed(), saved, claim.others())));
    }

    private Future<Result> found(Row newest) {
        long run = newest.getLong(0);
        Long again = request.again();
        if (again != null && again != run) {
            return over(again);
        }
        RunState state = RunState.valueOf(newest.getString(1));
        if (state == RunState.UNFINISHED) {
            return line.run(OWNER, run).compose(owners -> meet(run, owners));
        }
        return again == null && (state == RunState.CANCELLED || request.fresh()) ? begin() : over(run);
    }

    private Future<Result> over(long run) {
        return new Saving(line).saved(run, 0).map(saved -> Result.of(new Opened.Finished(saved)));
    }

    private Future<Result> meet(long run, RowSet<Row> owners) {
        List<Long> dead = new ArrayList<>();
        for (Row owner : owners) {
            Sign sign = Sign.of(owner, 2);
            boolean joins = request.shared() && owner.getBoolean(1) && !request.fresh();
            if (judge.isDead(sign)) {
                dead.add(owner.getLong(0));
            } else if (!joins) {
                return Future.succeededFuture(Result.of(elsewhere(run, sign)));
            }
        }
        return Burial.of(line, dead).compose(buried -> takeOver(run));
    }

    private static Opened elsewhere(long run, Sign owner) {
        return new Opened.Elsewhere(
                run, Objects.requireNonNull(owner.host()), owner.pid(), Members.silence(owner.silence()));
    }

    /** What is read after a burial is final. */
    private Future<Result> takeOver(long run) {
        return request.fresh() ? cancel(run).compose(done -> begin()) : claim(run, true);
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
                .compose(saved -> new Members(line)
                        .others(run, node)
                        .compose(others -> line.run(CLAIM, node, run, line.pid(), since, request.shared())
                                .map(rows -> Result.of(
                                        new Claim(rows.iterator().next().getLong(0), resumed, saved, others)))));
    }
}
