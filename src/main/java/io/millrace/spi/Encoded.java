package io.millrace.spi;

/** A document as a sink will write it, held until its root is complete. Immutable; only the sink that made it understands it. */
public interface Encoded {
    /** About how many bytes of memory it holds, itself included: never 0. */
    long bytes();
}
