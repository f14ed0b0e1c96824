package io.millrace.engine.durable;

import io.millrace.engine.item.Item;
import io.millrace.ledger.DeadLetter;
import io.millrace.spi.Failure;
import java.util.List;

/** Writes dead letters, and counts those that are kept. */
public interface Letters {
    /** The letter for an item that failed for good. Any thread. */
    DeadLetter of(String stage, Item item, Failure failure);

    /** What may be shown of a text: no secrets. */
    default String shown(String text) {
        return text;
    }

    /** So many are kept of the run, those of all processes. */
    void all(long count);

    /** They are kept. */
    void kept(List<DeadLetter> letters);
}
