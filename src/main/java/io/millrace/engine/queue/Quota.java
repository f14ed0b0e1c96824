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
    static final int CHUNK = 256;

    private static final int MAX_QUANTUM = 512;

    /** The credit that a lane may hold in reserve: together at most half of the capacity. */
    int quantum() {
        return Math.max(1, Math.min(MAX_QUANTUM, capacity / (2 * Math.max(1, senders))));
    }

    /** Whether lanes may hold credit in reserve; else they ask only for items at hand, so that no idle lane starves another. */
    boolean ahead() {
        return capacity >= 2 * senders && bytes >= 2L * senders;
    }

    /**
     * What is worth a grant to a lane that wants so much: half a quantum, or all it wants. Less would go back and forth in ever smaller
     * chunks (the silly window of RFC 813), each of which wakes a loop.
     */
    int worth(int wanted) {
        return ahead() ? Math.min(wanted, Math.max(1, quantum() / 2)) : 1;
    }

    /** The bytes that a lane may hold in reserve. */
    long quantumBytes() {
        return Math.max(1, bytes / (2L * Math.max(1, senders)));
    }
}
