package io.millrace.flow;

/**
 * What one part of a durable flow promises, in a line for people.
 *
 * @param stage the stage that it belongs to
 * @param words without full stop
 */
public record Delivery(String stage, Promise promise, String words) {
    /** How often something happens, whatever breaks meanwhile. */
    public enum Promise {
        EXACTLY_ONCE,
        /** Exactly once if the sink's database is the store, else at least once. */
        EXACTLY_ONCE_IN_THE_STORE,
        AT_LEAST_ONCE,
        /** May be lost before it is kept. */
        ONCE_KEPT
    }

    @Override
    public String toString() {
        return stage + ": " + words;
    }
}
