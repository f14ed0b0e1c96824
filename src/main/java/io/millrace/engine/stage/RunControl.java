package io.millrace.engine.stage;

import io.millrace.engine.item.Item;
import io.millrace.spi.Failure;
import io.vertx.core.Future;

/** What the instances of a run tell it, and ask of it. Any thread. */
public interface RunControl {
    /** Keeps what failed for good; completes when it is kept, or held by its root. */
    Future<Void> deadLetter(String stage, Item item, Failure failure);

    /** Counts an item that failed, for {@code limits.failures}. */
    void failed();

    /** The run cannot go on: it fails, and what is under way may come to its end. */
    void stop(String reason);

    /** The run cannot go on, and what is under way would make it worse: it fails, and all is cancelled. */
    void abort(String reason);

    /** The run is not this process's any more: as {@link #abort}, and what it has done since the last commit is void. */
    default void lost(String reason) {
        abort(reason);
    }

    /** The run ends well before its sources do, as when nobody reads its output any more. */
    void quit();

    /** Something has come to rest: look whether a stage or the run is at its end. */
    void nudge();

    /** Whether no new items are to come in: cycles park what they would send. */
    boolean draining();

    /** How many more records sources may yield, up to so many, under {@code limits.items}; 0 at its end. */
    int reserve(int wanted);

    /** Says what came of a reservation: how many records were read, how many more could have been. */
    void read(int records, int unused);
}
