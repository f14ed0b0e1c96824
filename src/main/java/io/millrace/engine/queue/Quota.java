package io.millrace.engine.queue;

/**
 * How the room of one receiver is shared by its senders.
 *
 * @param capacity items the receiver takes
 * @param bytes their size
 * @param senders lanes that end at it
 */
public record Quota(int capacity, long bytes, int senders) {
    /** Items in one message at the most. */
    static final int CHUNK = 64;

    private static final int MAX_QUANTUM = 256;

    /** The credit that a lane may hold in reserve: together at most half of the capacity. */
    int quantum() {
        return Math.max(1, Math.min(MAX_QUANTUM, capacity / (2 * Math.max(1, senders))));
    }

    /** Whether lanes may hold credit in reserve; else they ask only for items at hand, so that no idle lane starves another. */
    boolean ahead() {
        return capacity >= 2 * senders && bytes >= 2L * senders;
    }

    /** The bytes that a lane may hold in reserve. */
    long quantumBytes() {
        return Math.max(1, bytes / (2L * Math.max(1, senders)));
    }
}
