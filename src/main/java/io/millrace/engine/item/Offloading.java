package io.millrace.engine.item;

import io.millrace.engine.queue.Loop;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Work that an item has in a worker pool. If the item is cancelled, work that waits for a thread is dropped at once; the thread of work
 * that runs is interrupted, and has a moment to end. Then the item goes on and the work is left behind.
 */
final class Offloading<T> {
    /** How long a cancelled item waits for the thread that works for it. */
    static final Duration GRACE = Duration.ofMillis(250);

    private final ItemScope scope;
    private final StageContext context;
    private final BlockingCall<T> call;
    private final Promise<T> done = Promise.promise();

    private Offloading(ItemScope scope, StageContext context, BlockingCall<T> call) {
        this.scope = scope;
        this.context = context;
        this.call = call;
    }

    /** Runs the work in the pool; the future completes on the loop, with the scope's reason if that is cancelled. */
    static <T> Future<T> run(ItemScope scope, StageContext context, String pool, Callable<T> work) {
        if (context.onLoop()) {
            return begin(scope, context, pool, work);
        }
        Promise<T> done = Promise.promise();
        context.loop().execute(() -> begin(scope, context, pool, work).onComplete(done));
        return done.future();
    }

    private static <T> Future<T> begin(ItemScope scope, StageContext context, String pool, Callable<T> work) {
        return scope.cancelled()
                ? Future.failedFuture(scope.cancellation())
                : new Offloading<>(scope, context, context.blocking(pool, work)).awaited();
    }

    private Future<T> awaited() {
        Scope.Handle handle = scope.onCancel(this::cancel);
        call.result().onComplete(result -> {
            handle.dispose();
            if (scope.cancelled()) {
                done.tryFail(scope.cancellation());
            } else if (result.failed()) {
                done.tryFail(result.cause());
            } else {
                done.tryComplete(result.result());
            }
        });
        return done.future();
    }

    private Future<Void> cancel() {
        if (call.drop()) {
            done.tryFail(scope.cancellation());
            return Future.succeededFuture();
        }
        call.interrupt();
        Loop.Timer patience = context.loop().after(GRACE, this::leave);
        return done.future().<Void>mapEmpty().otherwiseEmpty().onComplete(over -> patience.cancel());
    }

    private void leave() {
        call.leave();
        done.tryFail(scope.cancellation());
    }
}
