package io.millrace.testkit;

import io.millrace.spi.Failure;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scope that cancels what is registered on it and below. */
public final class TestScope implements Scope {
    private final Vertx vertx;
    private final List<Supplier<Future<Void>>> stops = new CopyOnWriteArrayList<>();
    private volatile @Nullable Failure reason;

    public TestScope(Vertx vertx) {
        this.vertx = vertx;
    }

    /** How many registrations are held: zero when everything has been taken back. */
    public int registrations() {
        return stops.size();
    }

    @Override
    public TestScope child() {
        TestScope child = new TestScope(vertx);
        onCancel(() -> child.cancel(Failure.of(Failure.Kind.CANCELLED, "cancelled")));
        return child;
    }

    @Override
    public TestScope shielded() {
        return new TestScope(vertx);
    }

    @Override
    public boolean cancelled() {
        return reason != null;
    }

    @Override
    public Future<Void> cancel(Failure why) {
        if (reason != null) {
            return Future.succeededFuture();
        }
        reason = why;
        List<Future<Void>> cleanUps = new ArrayList<>();
        stops.forEach(stop -> cleanUps.add(stop.get()));
        return Future.join(cleanUps).mapEmpty();
    }

    @Override
    public Handle onCancel(Supplier<Future<Void>> stop) {
        if (cancelled()) {
            stop.get();
            return () -> {};
        }
        stops.add(stop);
        return () -> stops.remove(stop);
    }

    @Override
    public Future<Void> sleep(Duration time) {
        Promise<Void> promise = Promise.promise();
        long timer = vertx.setTimer(Math.max(1, time.toMillis()), id -> promise.tryComplete());
        Handle handle = onCancel(() -> {
            vertx.cancelTimer(timer);
            promise.tryFail(Failure.of(Failure.Kind.CANCELLED, "cancelled"));
            return Future.succeededFuture();
        });
        return promise.future().onComplete(done -> handle.dispose());
    }

    @Override
    public <T> Future<T> blocking(String pool, Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }

    @Override
    public void execute(Runnable task) {
        vertx.runOnContext(ignored -> task.run());
    }

    @Override
    public void close() {
        stops.clear();
    }
}
