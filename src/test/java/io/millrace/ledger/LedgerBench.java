package io.millrace.ledger;

import io.millrace.spi.StoreTransaction;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A store, and processes on it. */
public interface LedgerBench extends AutoCloseable {
    /** One more process. */
    Ledger process();

    /** The process stops beating, and 31 seconds pass. */
    void fallsSilent(Ledger process);

    /** The process looks for dead ones. */
    void looks(Ledger process);

    /** So much time passes for what waits in the store. */
    void passes(Duration time);

    /** The line of this process breaks at its next COMMIT. */
    void cut(Ledger process, Cut how);

    /** The line of this process breaks at the next claim of this stage. */
    void cutClaim(Ledger process, String stage, Cut how);

    /** Writes a row in the transaction; "bad" is refused. */
    Function<StoreTransaction, Future<List<DeadLetter>>> row(String text);

    /** What was written, in order. */
    List<String> rows();

    @Override
    void close();
}
