package io.millrace.engine.item;

import io.vertx.core.Future;

/** Work handed to a worker pool. Used on the loop of the item that waits for it. */
public interface BlockingCall<T> {
    /** Completes on the loop when the work has ended, or was dropped. */
    Future<T> result();

    /** Takes work out of the queue whose thread has not begun with it; true if it will never run. */
    boolean drop();

    /** Asks the thread that runs it to stop; many calls that wait do, those that compute do not. */
    void interrupt();

    /** Nobody waits for it any more: as long as it runs it is counted as left behind, and its thread stays taken. */
    void leave();
}
