package io.millrace.engine.durable;

import io.millrace.engine.item.Held;
import io.millrace.ledger.DeadLetter;

/** A dead letter that is kept with its root. */
final class HeldLetter extends Held {
    private static final int OWN_BYTES = 512;

    final DeadLetter letter;
    private final long documentBytes;

    HeldLetter(DeadLetter letter, long documentBytes) {
        this.letter = letter;
        this.documentBytes = documentBytes;
    }

    @Override
    public long bytes() {
        return OWN_BYTES + documentBytes;
    }
}
