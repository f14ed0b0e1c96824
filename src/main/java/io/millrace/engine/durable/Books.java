package io.millrace.engine.durable;

import io.millrace.engine.stage.RunControl;
import io.millrace.ledger.Commit;
import io.millrace.ledger.FencedException;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Outcome;
import io.millrace.spi.Failure;
import io.vertx.core.Future;

/**
 * Where a durable run is kept.
 *
 * @param host this machine, as file marks name it
 */
record Books(LedgerRun run, String host, Letters letters, RunControl control) {
    /** Whether the run is ours still: asks the store, if nothing was heard from it for a while. To be asked before a file is touched. */
    Future<Boolean> areOurs() {
        return run.isSure()
                ? Future.succeededFuture(true)
                : run.commit(Commit.NOTHING).map(outcome -> outcome instanceof Outcome.Committed);
    }

    Failure takenOver() {
        return Failure.of(
                Failure.Kind.CANCELLED,
                "Another process has taken over run " + run.id()
                        + ", for this one gave no sign of life. It goes on there; nothing more is written here.");
    }

    /** Something could not be asked of the store, other than for its absence. */
    void failed(Throwable thrown) {
        control.abort(
                thrown instanceof FencedException
                        ? takenOver().message()
                        : Failure.from(thrown).message());
    }
}
