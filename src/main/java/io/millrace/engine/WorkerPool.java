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
 *
 * <p>Its queue is bounded. Work beyond the bound waits at the door, and the stage instance that it comes from starts no more items until
 * it has been let in; so what stands there is bounded by the items that were under way already.
 */
final class WorkerPool {
    private final WorkerExecutor executor;
    private final int threads;
    private final int queue;
    private final Set<WorkerCall<?>> waiting = new LinkedHashSet<>();
    private final Set<WorkerCall<?>> door = new LinkedHashSet<>();
    private int running;

    WorkerPool(Vertx vertx, String name, Workers workers) {
        this.threads = workers.threads();
        this.queue = workers.queue();
        this.executor = vertx.createSharedWorkerExecutor(name, threads, Long.MAX_VALUE / 2, TimeUnit.NANOSECONDS);
    }

    WorkerExecutor executor() {
        return executor;
    }

    void submit(WorkerCall<?> call) {
        synchronized (this) {
            if (running >= threads) {
                boolean full = waiting.size() >= queue;
                (full ? door : waiting).add(call);
                if (full) {
                    call.crowd(1);
                }
                return;
            }
            running++;
        }
        call.start();
    }

    /** Takes a call back that still waits. */
    synchronized boolean remove(WorkerCall<?> call) {
        if (door.remove(call)) {
            call.crowd(-1);
            return true;
        }
        boolean removed = waiting.remove(call);
        if (removed) {
            letIn();
        }
        return removed;
    }

    private void letIn() {
        if (!door.isEmpty()) {
            WorkerCall<?> first = door.iterator().next();
            door.remove(first);
            waiting.add(first);
            first.crowd(-1);
        }
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
        letIn();
        return first;
    }

    Future<Void> close() {
        return executor.close();
    }
}
