package io.millrace.spi;

import java.time.Duration;

/**
 * Starts per time.
 *
 * @param permits how many
 * @param per in which time
 */
public record Rate(double permits, Duration per) {
    /** The time between two starts, in nanoseconds. */
    public long intervalNanos() {
        return Math.max(1, Math.round(per.toNanos() / permits));
    }
}
