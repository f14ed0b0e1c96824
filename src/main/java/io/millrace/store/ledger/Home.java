package io.millrace.store.ledger;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** The context to which all state of a run belongs. */
final class Home {
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 500;

    private final Vertx vertx;
    private final Context context;

    Home(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    void run(Runnable work) {
        context.runOnContext(ignored -> work.run());
    }

    /** The work is done here, the caller hears of it on its own context. */
    <T> Future<T> ask(Supplier<Future<T>> work) {
        Context caller = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        run(() -> work.get().onComplete(result -> caller.runOnContext(back -> promise.handle(result))));
        return promise.future();
    }

    /** The same, back here. */
    <T> Future<T> here(Future<T> future) {
        Promise<T> promise = Promise.promise();
        future.onComplete(result -> {
            if (Vertx.currentContext() == context) {
                promise.handle(result);
            } else {
                run(() -> promise.handle(result));
            }
        });
        return promise.future();
    }

    /** Before one more try: nothing the first time, then longer and longer. */
    Future<Void> pause(int tries) {
        return tries == 0
                ? Future.succeededFuture()
                : pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(tries, 10)));
    }

    Future<Void> pause(long millis) {
        Promise<Void> promise = Promise.promise();
        vertx.setTimer(Math.max(1, millis), id -> promise.complete());
        return here(promise.future());
    }
}
