package io.millrace.spi;

import io.vertx.core.Future;

/**
 * Where items come from. Called on one event loop, one call at a time, and only when there is room: it never has to buffer for the
 * engine. What blocks goes to {@link Assembly#blocking}.
 */
public interface Source {
    /** Opens it. A failure ends the run with its message. */
    default Future<Void> open() {
        return Future.succeededFuture();
    }

    /**
     * Adds up to {@link Records#room()} records and completes: true if there may be more, false at the end. May add none and complete
     * later, as a timer does. A failed future fails the run; a record that is bad is {@link Records#bad}.
     */
    Future<Boolean> read(Records into);

    /** Whether it never ends by itself: files it feeds are then written in place. */
    default boolean endless() {
        return false;
    }

    /** How many records it will yield, if it knows; else -1. For progress. */
    default long expected() {
        return -1;
    }

    /** Closes it; a {@link #read} under way completes soon, in any way. */
    default Future<Void> close() {
        return Future.succeededFuture();
    }
}
