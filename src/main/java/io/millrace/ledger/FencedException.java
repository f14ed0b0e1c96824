package io.millrace.ledger;

/** The run belongs to another process, or to none: nothing was changed. Expected after a long stop, so it carries no stack. */
public final class FencedException extends Exception {
    private static final long serialVersionUID = 1;

    public FencedException() {
        super("the run is no longer this process's: it was taken for dead", null, false, false);
    }
}
