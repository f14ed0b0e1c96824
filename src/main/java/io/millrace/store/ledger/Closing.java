package io.millrace.store.ledger;

import io.millrace.ledger.Outcome;
import io.millrace.ledger.RunState;
import io.millrace.store.ledger.Commits.Held;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Ends a run for a process, in one transaction that counts as a commit, so that one of unknown fate can be found out. */
final class Closing {
    private static final String SEAT = "SELECT 1 FROM millrace.hold WHERE hold = $1 FOR UPDATE";

    private static final String FENCE =
            "UPDATE millrace.inc SET live = false, commit_no = $2 WHERE inc = $1 AND live AND commit_no = $2 - 1";

    /** Dead letters that are replayed meanwhile are either seen, or find the run finished. */
    private static final String LOCK = "SELECT 1 FROM millrace.run WHERE run = $1 FOR UPDATE";

    /** Of the exit codes of several processes, 1 is the worst. */
    private static final String FINISH = """
            UPDATE millrace.run r SET exit = CASE WHEN 1 IN (r.exit, $2) THEN 1 ELSE greatest(r.exit, $2) END,
                state = CASE WHEN f.goes_on THEN r.state ELSE 'FINISHED' END,
                ended = CASE WHEN NOT f.goes_on THEN clock_timestamp() END
            FROM (SELECT EXISTS (SELECT FROM millrace.inc WHERE run = $1 AND live)
                OR EXISTS (SELECT FROM millrace.queue WHERE run = $1) AS goes_on) f
            WHERE r.run = $1""";

    private static final String HOLDS = "SELECT hold FROM millrace.hold WHERE run = $1 ORDER BY hold";

    private static final String LEAVE = "UPDATE millrace.run SET state = $2, exit = $3,"
            + " ended = CASE WHEN $2 <> 'UNFINISHED' THEN clock_timestamp() END WHERE run = $1";

    private final Line line;
    private final Held held;
    private final long inc;
    private final long number;

    Closing(Line line, Held held, long inc, long number) {
        this.line = line;
        this.held = held;
        this.inc = inc;
        this.number = number;
    }

    Future<Outcome> run(RunState state, int exit) {
        return line.script("BEGIN")
                .compose(begun -> line.run(SEAT, held.hold()))
                .compose(seat -> line.run(FENCE, inc, number))
                .compose(fence ->
                        fence.rowCount() == 0 ? line.script("ROLLBACK").map(new Outcome.Fenced()) : end(state, exit));
    }

    private Future<Outcome> end(RunState state, int exit) {
        return line.run(LOCK, held.run())
                .compose(locked -> Burial.release(line, held.hold()))
                .compose(free -> settle(state, exit))
                .compose(done -> line.script("COMMIT"))
                .map(done -> new Outcome.Committed(number));
    }

    private Future<?> settle(RunState state, int exit) {
        return state == RunState.FINISHED
                ? line.run(FINISH, held.run(), exit)
                : others(state)
                        .compose(gone ->
                                line.run(LEAVE, held.run(), state.name(), state == RunState.UNFINISHED ? 0 : exit));
    }

    /** A run that is cancelled is over for all. */
    private Future<Void> others(RunState state) {
        return state != RunState.CANCELLED
                ? Future.succeededFuture()
                : line.run(HOLDS, held.run()).compose(rows -> {
                    List<Long> holds = new ArrayList<>();
                    rows.forEach(row -> holds.add(row.getLong(0)));
                    return Burial.of(line, holds);
                });
    }
}
