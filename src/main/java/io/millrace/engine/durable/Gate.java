package io.millrace.engine.durable;

import io.millrace.engine.queue.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds sources back: sinks always take what is ready, so the bound on what is held lies here. There are no more live roots than a number, nor more than
 * would hold, at the average so far, four fifths of the memory that may be held. Any thread.
 */
final class Gate {
    private static final double BRAKE = 0.8;

    /** What a root is thought to hold before any was seen. */
    private static final double FIRST_GUESS = 16 << 10;

    private static final double WEIGHT = 0.1;
    private static final int SMALLEST_SHARE = 8;

    private record Waiting(Loop loop, Runnable task) {}

    private final Runnable whenAwaited;
    private volatile long mostRoots = 1;
    private volatile long mostBytes = 1;
    private final AtomicLong live = new AtomicLong();
    private final AtomicLong resting = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong unsent = new AtomicLong();
    private final List<Waiting> waiting = new ArrayList<>();
    private volatile double average = FIRST_GUESS;
    private final AtomicLong allowed = new AtomicLong();
    private volatile boolean shut;
    private volatile boolean careful;
    private volatile boolean entering;
    private volatile boolean awaited;

    /** @param whenAwaited run when a source is held back */
    Gate(Runnable whenAwaited) {
        this.whenAwaited = whenAwaited;
    }

    /**
     * @param roots live at a time
     * @param bytes that all of them together may hold
     */
    void bound(long roots, long bytes) {
        mostRoots = roots;
        mostBytes = bytes;
    }

    long mostRoots() {
        return mostRoots;
    }

    long mostBytes() {
        return mostBytes;
    }

    /** Roots that are neither done nor at rest in groups. */
    long live() {
        return live.get();
    }

    void admitted(int roots) {
        live.addAndGet(roots);
    }

    void resting(int roots) {
        live.addAndGet(-roots);
        resting.addAndGet(roots);
        if (roots > 0 && awaited) {
            open();
        }
    }

    /** Of those at rest, so many more (or, below 0, fewer) are in no group: they were read, and not sent. */
    void unsent(int roots) {
        unsent.addAndGet(roots);
    }

    /** Whether roots come in one at a time: the next when nothing is left of the one before, not even in a group. */
    void careful(boolean now) {
        entering = false;
        careful = now;
        open();
    }

    /** Takes the turn of the next, if it is free, until it has {@link #entered}. One thread. */
    boolean enter() {
        if (!isQuiet()) {
            return false;
        }
        entering = true;
        return true;
    }

    /** It counts as live now, or did not come. */
    void entered() {
        entering = false;
        if (awaited && isQuiet()) {
            open();
        }
    }

    private boolean isQuiet() {
        return live.get() <= 0 && resting.get() - unsent.get() <= 0 && !entering;
    }

    void held(long bytes) {
        held.addAndGet(bytes);
    }

    /** Roots are done that held so many bytes. */
    void left(int roots, long bytes) {
        if (roots > 0) {
            average += WEIGHT * (Math.max(1.0, (double) bytes / roots) - average);
            live.addAndGet(-roots);
            open();
        }
    }

    /** How many of so many roots may come in now. */
    int room(int wanted) {
        if (shut) {
            return (int) Math.min(wanted, allowed.getAndUpdate(now -> now - Math.min(now, wanted)));
        }
        if (careful) {
            return isQuiet() ? Math.min(1, wanted) : 0;
        }
        long cap = most();
        long now = live.get();
        if (now <= 0 && resting.get() <= 0) {
            return (int) Math.min(wanted, cap);
        }
        long free = held.get() < BRAKE * mostBytes ? cap - now : 0;
        return free >= Math.min(wanted, Math.max(1, cap / SMALLEST_SHARE)) ? (int) Math.min(wanted, free) : 0;
    }

    /** Whether all is held that may be. */
    boolean isFull() {
        return held.get() >= mostBytes;
    }

    /** How many roots may be live, as far as one can tell now. */
    long most() {
        return (long) Math.max(1, Math.min(mostRoots, BRAKE * mostBytes / average));
    }

    /** Lets nothing in until {@link #reopen}, but for what is {@link #allow}ed. */
    void shut() {
        allowed.set(0);
        shut = true;
    }

    /** Lets so many in although it is shut. */
    void allow(int roots) {
        allowed.set(roots);
        open();
    }

    boolean isShut() {
        return shut;
    }

    void reopen() {
        shut = false;
        open();
    }

    /** Whether a source is held back. */
    boolean isAwaited() {
        return awaited;
    }

    /** Runs the task on its loop as soon as there may be room. */
    void await(Loop loop, Runnable task) {
        synchronized (waiting) {
            waiting.add(new Waiting(loop, task));
            awaited = true;
        }
        // Room for one is not worth a read: who was refused more would ask again at once, for ever.
        if (shut ? allowed.get() > 0 : room(Integer.MAX_VALUE) > 0) {
            open();
        } else {
            whenAwaited.run();
        }
    }

    private void open() {
        List<Waiting> all;
        synchronized (waiting) {
            all = List.copyOf(waiting);
            waiting.clear();
            awaited = false;
        }
        all.forEach(one -> one.loop.execute(one.task));
    }
}
