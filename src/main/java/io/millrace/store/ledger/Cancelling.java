package io.millrace.store.ledger;

import io.millrace.ledger.RunState;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends a run for good from outside, in one transaction: nobody opens it meanwhile, and who has it open has lost it before its state changes. Holds go
 * first and the run's row last, as where a process closes a run, so that the two wait for each other.
 */
final class Cancelling {
    private static final int TRIES = 5;

    private static final String RUN = "SELECT flow, params FROM millrace.run WHERE run = $1";

    private static final String OPEN = "SELECT 1 FROM millrace.run WHERE run = $1 AND state = $2";

    private static final String HOLDS = "SELECT hold FROM millrace.hold WHERE run = $1 ORDER BY hold";

    private static final String CANCEL = "UPDATE millrace.run SET state = $2, exit = $3, ended = clock_timestamp()"
            + " WHERE run = $1 AND state = $4";

    private final Line line;
    private final long run;
    private final int exit;

    Cancelling(Line line, long run, int exit) {
        this.line = line;
        this.run = run;
        this.exit = exit;
    }

    Future<Boolean> now() {
        return attempt(1);
    }

    private Future<Boolean> attempt(int number) {
        return line.transaction(this::find)
                .recover(thrown ->
                        Faults.isAgain(thrown) && number < TRIES ? attempt(number + 1) : Future.failedFuture(thrown));
    }

    private Future<Boolean> find() {
        return line.run(RUN, run).compose(rows -> {
            if (rows.size() == 0) {
                return Future.succeededFuture(false);
            }
            Row row = rows.iterator().next();
            return line.run(Opening.LOCK, row.getString(0), row.getString(1))
                    .compose(locked -> line.run(OPEN, run, RunState.UNFINISHED.name()))
                    .compose(still -> still.size() == 0 ? Future.succeededFuture(false) : end());
        });
    }

    private Future<Boolean> end() {
        return line.run(HOLDS, run)
                .compose(rows -> {
                    List<Long> holds = new ArrayList<>();
                    rows.forEach(row -> holds.add(row.getLong(0)));
                    return Burial.of(line, holds);
                })
                .compose(gone -> line.run(CANCEL, run, RunState.CANCELLED.name(), exit, RunState.UNFINISHED.name()))
                .map(rows -> rows.rowCount() > 0);
    }
}
