package io.millrace.ledger;

/** How a run stands. */
public enum RunState {
    /** It runs, or its process ended before it did. */
    UNFINISHED,
    /** It came to its end, with or without failures. */
    FINISHED,
    /** It was ended for good before it was done. */
    CANCELLED
}
