package io.millrace.step.control;

import io.millrace.spi.Failure;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * A coroutine that stands in a line. It may be given what it waits for from any event loop, and is told on its own, unless it was
 * cancelled by then: what it was given then goes back.
 *
 * @param <T> what it waits for
 */
final class Waiter<T> {
    private final Scope scope;
    private final Promise<T> promise = Promise.promise();
    private final Scope.Handle handle;

    /**
     * To be made on the coroutine's loop.
     *
     * @param leave takes it out of the line when it is cancelled
     */
    Waiter(Scope scope, String whatFor, Runnable leave) {
        this.scope = scope;
        this.handle = scope.onCancel(Scope.Operation.of(() -> "waiting for " + whatFor, () -> {
            promise.tryFail(Failure.of(Failure.Kind.CANCELLED, "cancelled while it waited for " + whatFor));
            leave.run();
            return Future.succeededFuture();
        }));
    }

    Future<T> future() {
        return promise.future();
    }

    /**
     * From any thread.
     *
     * @param back what to do if it is not wanted any more
     */
    void give(T value, Runnable back) {
        scope.execute(() -> {
            handle.dispose();
            if (!promise.tryComplete(value)) {
                back.run();
            }
        });
    }
}
