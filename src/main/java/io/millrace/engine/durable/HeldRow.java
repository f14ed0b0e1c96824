package io.millrace.engine.durable;

import io.millrace.engine.item.Held;
import io.millrace.engine.item.Item;
import io.millrace.spi.Encoded;

/** A document on its way into a sink, as it will be written. */
final class HeldRow extends Held {
    private static final int OWN_BYTES = 56;

    final SinkVault vault;
    final Encoded encoded;
    /** What it was when it entered its stage, for a dead letter. */
    final Item entry;
    /** Its place among all that came to the sink. */
    final long arrival;
    /** What it must not overtake others of; -1: it may overtake all. */
    final int line;
    /** Whether it is written, or never will be: nothing need wait for it. */
    volatile boolean gone;

    HeldRow(SinkVault vault, Encoded encoded, Item entry, long arrival, int line) {
        this.vault = vault;
        this.encoded = encoded;
        this.entry = entry;
        this.arrival = arrival;
        this.line = line;
    }

    /** Whether it stays to be done: nothing that must not overtake it can be written here any more. */
    volatile boolean left;

    @Override
    protected void left() {
        left = true;
    }

    @Override
    protected void dropped() {
        gone = true;
    }

    @Override
    public long bytes() {
        return OWN_BYTES + encoded.bytes();
    }
}
