package io.millrace.ledger;

/** Whether a run has come to its end, over all processes. */
public enum Ending {
    /** A source has not ended, a record is pending or a row is queued. */
    GOES_ON,
    /** Nothing is left to do: each process completes its files and closes the run. */
    SEALING
}
