package io.millrace.engine;

import io.millrace.flow.Flow.Workers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The worker pools of a run. Work beyond a pool's queue waits here, in order, where it can still be dropped. */
final class WorkerPools {
    /** The pool of that name has one thread a core, at least two, unless the flow declares it. */
    static final String DEFAULT = "default";

    private static final int DEFAULT_QUEUE = 1000;

    private final Map<String, Pool> pools = new HashMap<>();

    WorkerPools(Vertx vertx, String run, Map<String, Workers> declared) {
        declared.forEach((name, workers) -> pools.put(name, new Pool(vertx, run + "-" + name, workers)));
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        pools.computeIfAbsent(DEFAULT, name -> new Pool(vertx, run + "-" + name, new Workers(threads, DEFAULT_QUEUE)));
    }

    /** Runs what blocks; the future completes on the context. */
    <T> Future<T> run(String pool, Context context, Callable<T> work) {
        Pool workers = pools.get(pool);
        if (workers == null) {
            return Future.failedFuture(new IllegalArgumentException("there is no worker pool " + pool));
        }
        Promise<T> done = Promise.promise();
        workers.submit(() -> context.runOnContext(ignored -> workers.start(work, done)));
        return done.future();
    }

    Future<Void> close() {
        return Future.join(pools.values().stream()
                        .map(pool -> pool.executor.close())
                        .toList())
                .mapEmpty();
    }

    private static final class Pool {
        private final WorkerExecutor executor;
        private final int limit;
        private final AtomicInteger submitted = new AtomicInteger();
        private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

        Pool(Vertx vertx, String name, Workers workers) {
            this.executor =
                    vertx.createSharedWorkerExecutor(name, workers.threads(), Long.MAX_VALUE / 2, TimeUnit.NANOSECONDS);
            this.limit = workers.threads() + workers.queue();
        }

        void submit(Runnable task) {
            waiting.add(task);
            next();
        }

        private void next() {
            while (!waiting.isEmpty()) {
                if (submitted.incrementAndGet() > limit) {
                    submitted.decrementAndGet();
                    return;
                }
                Runnable task = waiting.poll();
                if (task == null) {
                    submitted.decrementAndGet();
                } else {
                    task.run();
                }
            }
        }

        <T> void start(Callable<T> work, Promise<T> done) {
            executor.executeBlocking(work, false).onComplete(result -> {
                submitted.decrementAndGet();
                next();
                if (result.failed()) {
                    done.fail(result.cause());
                } else {
                    done.complete(result.result());
                }
            });
        }
    }
}
