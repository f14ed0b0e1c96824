package io.millrace.engine.item;

import io.millrace.flow.OnError;
import io.millrace.spi.Failure;

/** A failure about which an {@code onError} has decided: those around it do not decide again. */
public final class Decided extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient OnError decision;
    private final Failure failure;

    public Decided(OnError decision, Failure failure) {
        super(failure.message(), failure, false, false);
        this.decision = decision;
        this.failure = failure;
    }

    public OnError decision() {
        return decision;
    }

    public Failure failure() {
        return failure;
    }
}
