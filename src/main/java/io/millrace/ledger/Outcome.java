package io.millrace.ledger;

import io.millrace.spi.Failure;
import java.util.Map;

/** What became of a commit. There is no "unknown": the ledger finds out. */
public sealed interface Outcome {
    /**
     * All of it is kept.
     *
     * @param number of this commit, counted over the process's hold on the run from 1
     * @param known how many of the rows to be enqueued were dropped as not unique, by stage; stages without any are absent
     */
    record Committed(long number, Map<String, Integer> known) implements Outcome {
        public Committed {
            known = Map.copyOf(known);
        }

        public Committed(long number) {
            this(number, Map.of());
        }
    }

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
