package io.millrace.engine.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** One event loop: tasks run one after another, on one thread. */
public interface Loop {
    /** Runs the task in a later turn of this loop. May be called from any thread. */
    void execute(Runnable task);

    /** Runs the task after the time, unless it is cancelled before. */
    Timer after(Duration time, Runnable task);

    /** Monotonic time in nanoseconds. */
    long nanoTime();

    /** The time of day. */
    Instant now();

    /** Chance; to be asked on this loop. */
    RandomGenerator random();

    /** A timer that can be taken back. */
    @FunctionalInterface
    interface Timer {
        void cancel();
    }
}
