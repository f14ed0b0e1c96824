package io.millrace.connect.sql;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One use of a connection: from the wait for it to its result, which is told on the event loop that asked. Its fields are guarded by
 * {@link Lanes}.
 */
final class Call<T> {
    final Function<PgConnection, Future<T>> work;

    /** Whether it needs a connection to itself: a transaction. */
    final boolean alone;

    private final Promise<T> promise = Promise.promise();
    private final @Nullable Context caller = Vertx.currentContext();
    private final Lanes lanes;

    @Nullable
    Lane lane;

    long startedNanos;

    /** How many cancel requests its lane had sent when it was put there. */
    int cancelsBefore;

    boolean cancelled;

    /** Whether the server has nothing to do for it: a transaction, while steps without SQL run. */
    boolean resting;

    int runs;

    Call(Lanes lanes, boolean alone, Function<PgConnection, Future<T>> work) {
        this.lanes = lanes;
        this.alone = alone;
        this.work = work;
    }

    Future<T> future() {
        return promise.future();
    }

    /** Stops it on the server; completes when it has ended there, in any way. */
    Future<Void> cancel() {
        lanes.cancel(this);
        return promise.future().transform(done -> Future.succeededFuture());
    }

    void succeed(T value) {
        onCaller(() -> promise.tryComplete(value));
    }

    void fail(Throwable cause) {
        onCaller(() -> promise.tryFail(cause));
    }

    private void onCaller(Runnable tell) {
        if (caller == null || Vertx.currentContext() == caller) {
            tell.run();
        } else {
            caller.runOnContext(nothing -> tell.run());
        }
    }
}
