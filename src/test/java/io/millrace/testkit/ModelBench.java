package io.millrace.testkit;

import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerBench;
import io.millrace.spi.Failure;
import io.millrace.spi.StoreTransaction;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Processes on a model of a store. */
final class ModelBench implements LedgerBench {
    private final ModelStore store = new ModelStore();

    @Override
    public Ledger process() {
        return new ModelLedger(store);
    }

    @Override
    public void fallsSilent(Ledger process) {
        ((ModelLedger) process).fallSilent();
        store.pass(31);
    }

    @Override
    public void looks(Ledger process) {
        store.passMillis(0);
    }

    @Override
    public void passes(Duration time) {
        store.passMillis(time.toMillis());
    }

    @Override
    public void cut(Ledger process, Cut how) {
        store.cut(how);
    }

    @Override
    public void cutClaim(Ledger process, String stage, Cut how) {
        // Nothing is on its way in a model: its claims are done at once.
    }

    @Override
    public Function<StoreTransaction, Future<List<DeadLetter>>> row(String text) {
        return transaction -> {
            if (text.equals("bad")) {
                return Future.failedFuture(Failure.badData("a bad row"));
            }
            transaction.connection(ModelStore.Transaction.class).put(text);
            return Future.succeededFuture(List.of());
        };
    }

    @Override
    public List<String> rows() {
        return store.rows();
    }

    @Override
    public void close() {
        // It is garbage.
    }
}
