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
    private static final String LOST = "LOST";

    /** Whether the run is ours still: asks the store, if nothing was heard from it for a while. To be asked before a file is touched. */
    Future<Boolean> areOurs() {
        return run.isSure()
                ? Future.succeededFuture(true)
                : run.commit(Commit.NOTHING).map(outcome -> outcome instanceof Outcome.Committed);
    }

    Failure takenOver() {
        return Failure.build(Failure.Kind.CANCELLED, "Run " + run.id() + " is no longer this process's.")
                .code(LOST)
                .done();
    }

    /** Something could not be asked of the store, other than for its absence. */
    void failed(Throwable thrown) {
        stop(thrown instanceof FencedException ? takenOver() : Failure.from(thrown));
    }

    /** Whether it says that the run is not this process's any more. */
    static boolean isLoss(Throwable thrown) {
        return thrown instanceof FencedException || (thrown instanceof Failure failure && LOST.equals(failure.code()));
    }

    /** This process cannot go on with the run. */
    void stop(Failure failure) {
        if (isLoss(failure)) {
            control.lost(failure.message());
        } else {
            control.abort(failure.message());
        }
    }
}
