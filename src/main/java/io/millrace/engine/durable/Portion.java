package io.millrace.engine.durable;

import io.millrace.engine.queue.Loop;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How many rows of a queue this process takes before it is done with others: no more than keep it busy for about a second, lest it sit on what other processes could
 * do meanwhile. Confined to the queue's loop, but for {@link #left}.
 */
final class Portion {
    private static final long SECOND = 1_000_000_000;

    private final Loop loop;
    private final long least;
    private final AtomicLong left = new AtomicLong();
    private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
    private long taken;
    private long most;
    private long since;
    private long before;

    /** @param least rows that are taken however long they last */
    Portion(Loop loop, long least) {
        this.loop = loop;
        this.least = least;
        this.most = least;
        this.since = loop.nanoTime();
    }

    /** How many more may be taken. */
    int room(int wanted) {
        long done = left.get();
        long now = loop.nanoTime();
        if (now - since >= SECOND) {
            most = Math.max(least, (done - before) * SECOND / (now - since));
            before = done;
            since = now;
        }
        return (int) Math.max(0, Math.min(wanted, most - (taken - done)));
    }

    void taken(int rows) {
        taken += rows;
    }

    /** Runs the task when one is done with. */
    void await(Runnable task) {
        waiting.set(task);
        if (room(1) > 0) {
            wake();
        }
    }

    /** One is done with. Any thread. */
    void left() {
        left.incrementAndGet();
        wake();
    }

    private void wake() {
        Runnable task = waiting.get() == null ? null : waiting.getAndSet(null);
        if (task != null) {
            loop.execute(task);
        }
    }
}
