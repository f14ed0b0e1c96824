package io.millrace.engine;

import io.millrace.engine.item.BlockingCall;
import io.millrace.spi.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One call in a worker pool. */
final class WorkerCall<T> implements BlockingCall<T> {
    private final WorkerPool pool;
    private final Context context;
    private final Callable<T> work;
    private final IntConsumer left;
    private final IntConsumer crowd;
    private final Promise<T> done = Promise.promise();
    private @Nullable Thread thread;
    private boolean begun;
    private boolean dropped;
    private boolean over;
    private boolean leftBehind;

    /**
     * @param left told 1 when it is left behind, -1 when it then ends
     * @param crowd told 1 when the pool's queue is full, -1 when it has been let in or was dropped
     */
    WorkerCall(WorkerPool pool, Context context, Callable<T> work, IntConsumer left, IntConsumer crowd) {
        this.pool = pool;
        this.context = context;
        this.work = work;
        this.left = left;
        this.crowd = crowd;
    }

    /** There is a thread for it. */
    void start() {
        context.runOnContext(ignored -> pool.executor()
                .executeBlocking(this::call, false)
                .onComplete(result -> {
                    if (result.failed()) {
                        done.tryFail(result.cause());
                    } else {
                        done.tryComplete(result.result());
                    }
                }));
    }

    void crowd(int change) {
        crowd.accept(change);
    }

    private T call() throws Exception {
        try {
            begin();
            return work.call();
        } finally {
            end();
            pool.ended();
        }
    }

    private synchronized void begin() {
        if (dropped) {
            throw dropped();
        }
        begun = true;
        thread = Thread.currentThread();
    }

    /** The thread goes back to its pool without the interrupt that was meant for this work. */
    private void end() {
        boolean behind;
        synchronized (this) {
            thread = null;
            over = true;
            behind = leftBehind;
        }
        Thread.interrupted();
        if (behind) {
            left.accept(-1);
        }
    }

    private static Failure dropped() {
        return Failure.of(Failure.Kind.CANCELLED, "cancelled");
    }

    @Override
    public Future<T> result() {
        return done.future();
    }

    @Override
    public boolean drop() {
        if (pool.remove(this)) {
            dropped = true;
            done.tryFail(dropped());
            return true;
        }
        synchronized (this) {
            dropped = !begun;
            return dropped;
        }
    }

    @Override
    public synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public void leave() {
        synchronized (this) {
            if (over || leftBehind) {
                return;
            }
            leftBehind = true;
        }
        left.accept(1);
    }
}
