package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A transaction under way on a connection of its own, and the savepoints within it. PostgreSQL gives up a transaction in which a
 * statement has failed; this one then refuses more statements, and to be committed, since COMMIT would roll back without a word.
 *
 * <p>Confined to the event loop of the item that began it.
 */
final class Transaction {
    /**
     * The transaction as the steps of one block see it.
     *
     * @param depth how many savepoints are around the block
     */
    record Level(Transaction transaction, int depth) {
        /** Runs statements, to be cancelled with the scope. */
        <T> Future<T> run(Scope scope, String sql, Function<PgConnection, Future<T>> work) {
            return transaction.run(this, scope, sql, work);
        }
    }

    private final Lanes lanes;
    private final Call<?> call;
    private final PgConnection connection;
    private final Set<Promise<?>> running = new LinkedHashSet<>();
    private Future<Void> cancelling = Future.succeededFuture();
    private @Nullable Throwable broken;
    private int depth;
    private boolean over;

    /** @param call the use of the connection; it fails if the connection is lost */
    Transaction(Lanes lanes, Call<?> call, PgConnection connection) {
        this.lanes = lanes;
        this.call = call;
        this.connection = connection;
        lanes.working(call, false);
        call.future().onFailure(lost -> List.copyOf(running).forEach(one -> one.tryFail(lost)));
    }

    /** The transaction that the frame's steps run in, on these connections; null if there is none. */
    static @Nullable Level around(Frame frame, Lanes lanes) {
        return (Level) frame.bound(lanes);
    }

    Future<Level> begin(String isolation) {
        return control("BEGIN" + isolation).map(begun -> new Level(this, 0));
    }

    /** Ends it; fails if it cannot be committed, and it is rolled back then. */
    Future<Void> commit() {
        over = true;
        Throwable failed = broken;
        if (failed != null) {
            return rollback().transform(done -> Future.failedFuture(notCommitted(failed)));
        }
        return control("COMMIT").recover(thrown -> rollback().transform(done -> Future.failedFuture(thrown)));
    }

    /** Ends it. Where that fails, the connection is closed, and the server rolls back. */
    Future<Void> rollback() {
        over = true;
        return control("ROLLBACK")
                .recover(thrown -> Rehome.here(connection.close()))
                .transform(done -> Future.succeededFuture());
    }

    Future<Level> save(Level around) {
        Failure refused = refusal(around);
        if (refused != null) {
            return Future.failedFuture(refused);
        }
        Level inner = new Level(this, ++depth);
        return control("SAVEPOINT s" + depth).map(saved -> inner);
    }

    Future<Void> release(Level inner) {
        Throwable failed = broken;
        if (failed != null) {
            return restore(inner).transform(done -> Future.failedFuture(notCommitted(failed)));
        }
        return control("RELEASE s" + inner.depth()).onComplete(done -> depth = inner.depth() - 1);
    }

    Future<Void> restore(Level inner) {
        String name = "s" + inner.depth();
        broken = null;
        return control("ROLLBACK TO " + name)
                .compose(done -> control("RELEASE " + name))
                .onFailure(thrown -> broken = thrown)
                .onComplete(done -> depth = inner.depth() - 1);
    }

    private static Failure notCommitted(Throwable because) {
        Failure failure = SqlFailures.of(because);
        return Failure.build(
                        failure.kind(),
                        "rolled back, since a statement has failed in it, though the failure was caught: "
                                + failure.message()
                                + ". Put the statement in a `transaction` of its own inside this one to go on without it.")
                .code(failure.code())
                .retryable(failure.retryable())
                .cause(because)
                .done();
    }

    private @Nullable Failure refusal(Level level) {
        if (over || call.future().failed()) {
            return Failure.of(Kind.CANCELLED, "the transaction has ended");
        }
        if (level.depth() != depth) {
            return Failure.badData(
                    "an inner transaction is open on the same connection: what runs beside it would become a part of it."
                            + " Run them one after another.");
        }
        Throwable failed = broken;
        return failed == null
                ? null
                : Failure.of(
                        Kind.REJECTED,
                        "a statement of this transaction has failed before: "
                                + SqlFailures.of(failed).message(),
                        failed);
    }

    private <T> Future<T> run(Level level, Scope scope, String sql, Function<PgConnection, Future<T>> work) {
        Failure refused = refusal(level);
        if (refused != null) {
            return Future.failedFuture(refused);
        }
        Future<T> result = send(work);
        Scope.Handle handle = scope.onCancel(Scope.Operation.of(() -> SqlText.running(sql), () -> {
            cancel(result);
            return result.transform(done -> Future.succeededFuture());
        }));
        return result.onComplete(done -> handle.dispose()).onFailure(this::failed);
    }

    /** Asks for it until it is heeded: a request that comes before the statement has begun on the server is not. */
    private void cancel(Future<?> result) {
        cancelling = Rehome.here(connection.cancelRequest())
                .onComplete(sent -> lanes.whileUnheeded(() -> !result.isComplete(), () -> cancel(result)));
    }

    /** What the server has not seen has not harmed the transaction. */
    private void failed(Throwable thrown) {
        boolean unseen = thrown instanceof Failure failure && failure.getCause() == null;
        if (broken == null && !unseen) {
            broken = thrown;
        }
    }

    /** A statement of ours; not before a cancel request, which might hit it, is through. */
    private Future<Void> control(String statement) {
        Future<Void> before = cancelling;
        Future<Void> result = before.isComplete()
                ? send(on -> on.query(statement).execute().mapEmpty())
                : before.transform(
                        sent -> send(on -> on.query(statement).execute().mapEmpty()));
        return result.recover(thrown -> Future.failedFuture(SqlFailures.of(thrown)));
    }

    private <T> Future<T> send(Function<PgConnection, Future<T>> work) {
        Promise<T> promise = Promise.promise();
        if (running.isEmpty()) {
            lanes.working(call, true);
        }
        running.add(promise);
        Rehome.here(work.apply(connection)).onComplete(done -> {
            if (done.succeeded()) {
                promise.tryComplete(done.result());
            } else {
                promise.tryFail(done.cause());
            }
        });
        return promise.future().onComplete(done -> {
            running.remove(promise);
            if (running.isEmpty()) {
                lanes.working(call, false);
            }
        });
    }
}
