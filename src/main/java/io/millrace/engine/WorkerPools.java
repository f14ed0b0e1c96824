package io.millrace.engine;

import io.millrace.engine.item.BlockingCall;
import io.millrace.flow.Flow.Workers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The worker pools of a run, and how many calls in them nobody waits for any more. */
final class WorkerPools {
    /** The pool of that name has one thread a core, at least two, unless the flow declares it. */
    static final String DEFAULT = "default";

    private static final int DEFAULT_QUEUE = 1000;

    private final Vertx vertx;
    private final Map<String, WorkerPool> pools = new HashMap<>();
    private final Map<String, AtomicLong> leftBehind = new ConcurrentHashMap<>();
    private @Nullable Promise<Void> quiet;

    WorkerPools(Vertx vertx, String run, Map<String, Workers> declared) {
        this.vertx = vertx;
        declared.forEach((name, workers) -> pools.put(name, new WorkerPool(vertx, run + "-" + name, workers)));
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        pools.computeIfAbsent(
                DEFAULT, name -> new WorkerPool(vertx, run + "-" + name, new Workers(threads, DEFAULT_QUEUE)));
    }

    /** Runs what blocks; the future completes on the context. */
    <T> Future<T> run(String pool, Context context, Callable<T> work) {
        return call(pool, "", context, work, change -> {}).result();
    }

    /**
     * Runs what blocks for an item of a stage.
     *
     * @param crowd told, from any thread, of work that finds the queue full, and again when it is in
     */
    <T> BlockingCall<T> call(String pool, String stage, Context context, Callable<T> work, IntConsumer crowd) {
        WorkerPool workers = pools.get(pool);
        if (workers == null) {
            throw new IllegalArgumentException("there is no worker pool " + pool);
        }
        WorkerCall<T> call = new WorkerCall<>(workers, context, work, change -> left(stage, change), crowd);
        workers.submit(call);
        return call;
    }

    private void left(String stage, int change) {
        leftBehind.computeIfAbsent(stage, name -> new AtomicLong()).addAndGet(change);
        synchronized (this) {
            if (quiet != null && isQuiet()) {
                quiet.tryComplete();
            }
        }
    }

    /** How many calls of a stage run on after their items were cancelled. */
    long leftBehind(String stage) {
        AtomicLong count = leftBehind.get(stage);
        return count == null ? 0 : count.get();
    }

    private boolean isQuiet() {
        return leftBehind.values().stream().allMatch(count -> count.get() == 0);
    }

    /** Completes when nothing is left behind any more, or after the bound. */
    synchronized Future<Void> quiet(Duration bound) {
        if (isQuiet()) {
            return Future.succeededFuture();
        }
        Promise<Void> reached = Promise.promise();
        quiet = reached;
        long timer = vertx.setTimer(bound.toMillis(), late -> reached.tryComplete());
        return reached.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    Future<Void> close() {
        return Future.join(pools.values().stream().map(WorkerPool::close).toList())
                .mapEmpty();
    }
}
