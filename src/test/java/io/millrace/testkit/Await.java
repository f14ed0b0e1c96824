package io.millrace.testkit;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits in a test's own thread for what happens on event loops. */
public final class Await {
    private static final long SECONDS = 10;

    private Await() {}

    /** The result; a failure is thrown as it is. */
    public static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw sneaky(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no result within " + SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What the future failed with. */
    public static Throwable failure(Future<?> future) {
        try {
            Object value = get(future);
            throw new AssertionError("succeeded with " + value);
        } catch (AssertionError e) {
            throw e;
        } catch (Throwable e) {
            return e;
        }
    }

    /** Calls on an event loop, as the engine does, and waits for the result. */
    public static <T> T onLoop(Vertx vertx, Supplier<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        vertx.getOrCreateContext().runOnContext(ignored -> {
            try {
                call.get().onComplete(promise);
            } catch (Throwable e) {
                promise.fail(e);
            }
        });
        return get(promise.future());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
