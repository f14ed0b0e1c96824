package io.millrace.testkit;

import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerContract;
import io.millrace.spi.Failure;
import io.millrace.spi.StoreTransaction;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

class ModelLedgerTest extends LedgerContract {
    private final ModelStore store = new ModelStore();

    @Override
    protected Ledger process() {
        return new ModelLedger(store);
    }

    @Override
    protected void fallsSilent(Ledger process) {
        ((ModelLedger) process).fallSilent();
        store.pass(31);
    }

    @Override
    protected void cut(Ledger process, Cut how) {
        store.cut(how);
    }

    @Override
    protected Function<StoreTransaction, Future<List<DeadLetter>>> row(String text) {
        return transaction -> {
            if (text.equals("bad")) {
                return Future.failedFuture(Failure.badData("a bad row"));
            }
            transaction.connection(ModelStore.Transaction.class).put(text);
            return Future.succeededFuture(List.of());
        };
    }

    @Override
    protected List<String> rows() {
        return store.rows();
    }
}
