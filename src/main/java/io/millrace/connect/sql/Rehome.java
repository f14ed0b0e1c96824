package io.millrace.connect.sql;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** Brings a future that others completed, on their event loop, back to the one that waits for it. */
final class Rehome {
    private Rehome() {}

    static <T> Future<T> here(Future<T> future) {
        Context here = Vertx.currentContext();
        if (here == null) {
            return future;
        }
        Promise<T> promise = Promise.promise();
        future.onComplete(done -> {
            if (Vertx.currentContext() == here) {
                promise.handle(done);
            } else {
                here.runOnContext(nothing -> promise.handle(done));
            }
        });
        return promise.future();
    }
}
