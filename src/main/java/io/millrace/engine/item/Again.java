package io.millrace.engine.item;

import io.millrace.spi.Failure;
import java.time.Duration;

/** A failure of an item that its stage will try again after a while: nobody decides about it before the last attempt. */
public final class Again extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Failure failure;
    private final Duration wait;

    Again(Failure failure, Duration wait) {
        super(failure.message(), failure, false, false);
        this.failure = failure;
        this.wait = wait;
    }

    public Failure failure() {
        return failure;
    }

    /** How long the item is to be left alone. */
    public Duration delay() {
        return wait;
    }
}
