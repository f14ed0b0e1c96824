package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnection;
import java.util.function.Supplier;

/** Runs steps in a transaction, or, within one, in a savepoint of it. */
record TransactionStep(Lanes lanes, String isolation, Step steps) implements Step {
    @Override
    public Future<JsonNode> run(Frame frame) {
        Transaction.Level around = Transaction.around(frame, lanes);
        return around == null ? begin(frame) : within(frame, around);
    }

    private Future<JsonNode> begin(Frame frame) {
        Promise<PgConnection> taken = Promise.promise();
        Promise<Void> ended = Promise.promise();
        Call<Void> call = lanes.alone(connection -> {
            taken.tryComplete(connection);
            return ended.future();
        });
        call.future().onFailure(taken::tryFail);
        Scope.Handle handle = frame.scope().onCancel(Scope.Operation.of(() -> lanes.doing(call, "BEGIN"), () -> {
            lanes.cancel(call);
            return Future.succeededFuture();
        }));
        return Rehome.here(taken.future())
                .onComplete(done -> handle.dispose())
                .recover(thrown -> Future.failedFuture(SqlFailures.of(thrown)))
                .compose(connection -> transact(frame, new Transaction(lanes, call, connection)))
                .onComplete(done -> ended.tryComplete());
    }

    private Future<JsonNode> transact(Frame frame, Transaction transaction) {
        if (frame.scope().cancelled()) {
            return Future.failedFuture(cancelled());
        }
        return transaction
                .begin(isolation)
                .compose(level -> inside(frame, level))
                .transform(result -> result.succeeded()
                        ? transaction.commit().map(result.result())
                        : after(transaction::rollback, result.cause()));
    }

    private Future<JsonNode> within(Frame frame, Transaction.Level around) {
        Transaction transaction = around.transaction();
        return transaction
                .save(around)
                .compose(level -> inside(frame, level)
                        .transform(result -> result.succeeded()
                                ? transaction.release(level).map(result.result())
                                : after(() -> transaction.restore(level), result.cause())));
    }

    private static Future<JsonNode> after(Supplier<Future<Void>> undo, Throwable thrown) {
        return undo.get().transform(done -> Future.failedFuture(thrown));
    }

    private Future<JsonNode> inside(Frame frame, Transaction.Level level) {
        Scope.Handle binding = frame.bind(lanes, level);
        return attempt(frame)
                .onComplete(done -> binding.dispose())
                .compose(value ->
                        frame.scope().cancelled() ? Future.failedFuture(cancelled()) : Future.succeededFuture(value));
    }

    private Future<JsonNode> attempt(Frame frame) {
        try {
            return steps.run(frame);
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    private static Failure cancelled() {
        return Failure.of(Kind.CANCELLED, "cancelled before the transaction was committed");
    }
}
