package io.millrace.ledger;

import io.millrace.spi.Failure;

/** What became of a commit. There is no "unknown": the ledger finds out. */
public sealed interface Outcome {
    /**
     * All of it is kept.
     *
     * @param number of this commit, counted over the process's hold on the run from 1
     */
    record Committed(long number) implements Outcome {}

    /** Nothing is kept, and nothing will be: the run belongs to another process, or to none. */
    record Fenced() implements Outcome {}

    /**
     * Nothing is kept, the run is still ours: the same commit would be refused again.
     *
     * @param participant whose rows were refused; {@link #NOBODY} if it was the ledger's own
     */
    record Refused(Failure failure, int participant) implements Outcome {}

    int NOBODY = -1;
}
