package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Batch;
import io.millrace.spi.Encoded;
import io.millrace.spi.Failure;
import io.millrace.spi.StoreTransaction;
import io.millrace.spi.Transactional;
import io.millrace.spi.Variables;
import io.millrace.testkit.ModelStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BiConsumer;

/** Writes rows in the store's transaction; some are refused, and now and then the whole transaction is. */
final class RowSink implements Transactional {
    private final Verdict verdict;
    private final String stage;
    private final Chaos chaos;
    private final Refusals refusals;

    RowSink(Verdict verdict, String stage, Chaos chaos, Refusals refusals) {
        this.verdict = verdict;
        this.stage = stage;
        this.chaos = chaos;
        this.refusals = refusals;
    }

    @Override
    public Encoded encode(ObjectNode document, Variables variables) {
        refusals.encode(stage, document);
        return Output.line(stage, document);
    }

    @Override
    public Future<Boolean> joins(StoreTransaction transaction) {
        return chaos.someTime(50).map(true);
    }

    @Override
    public Future<Void> write(StoreTransaction transaction, List<Encoded> rows, BiConsumer<Integer, Failure> refused) {
        return chaos.someTime(300).compose(now -> {
            ModelStore.Transaction open = transaction.connection(ModelStore.Transaction.class);
            boolean away = chaos.strikes(Chaos.Trouble.TABLE_AWAY);
            for (int i = 0; i < rows.size(); i++) {
                Output.Line row = (Output.Line) rows.get(i);
                if (refusals.write(stage, row.document())) {
                    refused.accept(i, Output.death(Failure.Kind.BAD_DATA, stage, row.document()));
                } else {
                    open.put(stage + "\t" + row.text());
                }
            }
            return away
                    ? Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "the transaction broke"))
                    : Future.succeededFuture();
        });
    }

    @Override
    public Future<Void> write(Batch batch) {
        throw verdict.broken("sinks are called as promised", "written in batches though it is part of commits");
    }
}
