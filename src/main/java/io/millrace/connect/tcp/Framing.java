package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.vertx.core.buffer.Buffer;

/** How a stream of bytes is cut into frames, and how a payload becomes one. Immutable; the state of a stream is in its {@link Frames}. */
interface Framing {
    /** A reader for one stream. */
    Frames frames(int maxFrame, Frames.Taker taker);

    /** Throws BAD_DATA for a payload that cannot be one frame. */
    default void check(byte[] payload) throws Failure {}

    /** Adds the payload to what is sent, as a frame. */
    void write(byte[] payload, Buffer out);

    /** Whether the end of the stream is what ends the frame, so that there is one at the most. */
    default boolean endsWithStream() {
        return false;
    }
}
