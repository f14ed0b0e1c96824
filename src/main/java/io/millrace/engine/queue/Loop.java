package io.millrace.engine.queue;

import java.time.Duration;

/** One event loop: tasks run one after another, on one thread. */
public interface Loop {
    /** Runs the task in a later turn of this loop. May be called from any thread. */
    void execute(Runnable task);

    /** Runs the task after the time, unless it is cancelled before. */
    Timer after(Duration time, Runnable task);

    /** Monotonic time in nanoseconds. */
    long nanoTime();

    /** A timer that can be taken back. */
    @FunctionalInterface
    interface Timer {
        void cancel();
    }
}
