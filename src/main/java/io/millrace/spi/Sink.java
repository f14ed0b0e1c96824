package io.millrace.spi;

import io.vertx.core.Future;

/**
 * Where items go. One sink serves all instances of its stage: {@link #write} may be called from several event loops, and again
 * before an earlier write has completed.
 */
public interface Sink {
    /** Opens it. A failure ends the run with its message; nothing has been written then. */
    default Future<Void> open() {
        return Future.succeededFuture();
    }

    /**
     * Writes a batch, in its order. Completes when the documents are written; those that cannot be are {@link Batch#reject}ed and
     * become dead letters. A failed future concerns the whole batch: one that is retryable is written again after a pause, for ever;
     * any other rejects every document of it.
     */
    Future<Void> write(Batch batch);

    /**
     * Closes it.
     *
     * @param complete whether the run has ended well, so that a {@code .part} file gets its name
     */
    default Future<Void> close(boolean complete) {
        return Future.succeededFuture();
    }
}
