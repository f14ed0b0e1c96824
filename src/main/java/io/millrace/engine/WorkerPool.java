package io.millrace.engine;

import io.millrace.flow.Flow.Workers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One worker pool. Vert.x is never given more than there are threads; the rest waits here, in order, where it can still be taken back.
 * What waits is bounded by the items in flight, each of which waits for its own.
 */
final class WorkerPool {
    private final WorkerExecutor executor;
    private final int threads;
    private final Set<WorkerCall<?>> waiting = new LinkedHashSet<>();
    private int running;

    WorkerPool(Vertx vertx, String name, Workers workers) {
        this.threads = workers.threads();
        this.executor = vertx.createSharedWorkerExecutor(name, threads, Long.MAX_VALUE / 2, TimeUnit.NANOSECONDS);
    }

    WorkerExecutor executor() {
        return executor;
    }

    void submit(WorkerCall<?> call) {
        synchronized (this) {
            if (running >= threads) {
                waiting.add(call);
                return;
            }
            running++;
        }
        call.start();
    }

    /** Takes a call back that still waits. */
    synchronized boolean remove(WorkerCall<?> call) {
        return waiting.remove(call);
    }

    /** A thread has become free. */
    void ended() {
        WorkerCall<?> next = next();
        if (next != null) {
            next.start();
        }
    }

    private synchronized @Nullable WorkerCall<?> next() {
        if (waiting.isEmpty()) {
            running--;
            return null;
        }
        WorkerCall<?> first = waiting.iterator().next();
        waiting.remove(first);
        return first;
    }

    Future<Void> close() {
        return executor.close();
    }
}
