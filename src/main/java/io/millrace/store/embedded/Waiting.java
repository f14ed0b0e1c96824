package io.millrace.store.embedded;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Looks again every few milliseconds: for the states of other processes, which call nobody back. Worker threads only. */
final class Waiting {
    private static final long PAUSE_MS = 3;

    private Waiting() {}

    /** True once the condition holds, false when it has not within the time. */
    static boolean until(Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedPostgresException("Interrupted while waiting for PostgreSQL.", e);
        }
    }
}
