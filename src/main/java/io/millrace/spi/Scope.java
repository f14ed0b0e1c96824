package io.millrace.spi;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * A node in the tree of structured concurrency. Cancelling a scope cancels its children, then runs what was registered on it, and
 * completes when all of it has cleaned up, within a bound.
 *
 * <p>Confined to the event loop of the instance that owns the item, but for {@link #cancelled()}, which any thread may ask.
 */
public interface Scope {
    /** A scope below this one. {@link #close()} it when its work has ended. */
    Scope child();

    /** A scope that is not cancelled with this one: for {@code finally}. */
    Scope shielded();

    boolean cancelled();

    /** Cancels everything below; completes when that has cleaned up. The first reason counts. */
    Future<Void> cancel(Failure reason);

    /**
     * Registers what stops an operation. Returns at once with the handle that takes it back when the operation has ended. If the
     * scope is cancelled already it is run now.
     */
    Handle onCancel(Supplier<Future<Void>> stop);

    /** As {@link #onCancel(Supplier)}, for what can also say what it is doing: a timeout tells it. */
    default Handle onCancel(Operation operation) {
        return onCancel(operation::stop);
    }

    /**
     * What is being done in this scope and below it just now, in words that stand behind "it was": {@code "connecting to x:443"}. Empty if
     * nobody says. To be asked on the scope's event loop.
     */
    default String doing() {
        return "";
    }

    /** Completes after the time, or fails CANCELLED; the timer is removed then. */
    Future<Void> sleep(Duration time);

    /** As {@link #sleep(Duration)}, with a value at the end. */
    default <T> Future<T> sleepThen(Duration time, T value) {
        return sleep(time).map(value);
    }

    /**
     * Runs what blocks in a worker pool ({@code "default"} or one of the flow's {@code workers}), never on the event loop. Work that
     * still waits when the scope is cancelled is dropped; work that runs cannot be stopped.
     */
    <T> Future<T> blocking(String pool, Callable<T> work);

    /** Runs the task in a later turn of this scope's event loop, cancelled or not. May be called from any thread. */
    void execute(Runnable task);

    /** Ends the scope; its handle on its parent is taken back. */
    void close();

    /** What is under way in a scope. */
    interface Operation {
        /** Stops it; completes when it has cleaned up. */
        Future<Void> stop();

        /** What it is doing now, a phrase such as {@code "waiting for the lock \"x\""}; empty if there is nothing to say. */
        String doing();

        /** An operation of these two. */
        static Operation of(Supplier<String> doing, Supplier<Future<Void>> stop) {
            return new Operation() {
                @Override
                public Future<Void> stop() {
                    return stop.get();
                }

                @Override
                public String doing() {
                    return doing.get();
                }
            };
        }
    }

    /** Takes a registration back. */
    @FunctionalInterface
    interface Handle {
        void dispose();
    }
}
