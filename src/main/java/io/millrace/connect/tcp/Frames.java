package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.vertx.core.buffer.Buffer;

/** Cuts one stream into frames. */
interface Frames {
    /** Who gets the frames. It may be told of more frames of the same piece after it has closed the stream. */
    interface Taker {
        void frame(Buffer payload);

        /** The stream cannot be cut any further: a LIMIT or BAD_DATA. Nothing comes after that. */
        void broken(Failure failure);
    }

    void take(Buffer piece);

    /** How many bytes of a frame that is not complete have come. */
    long unfinished();

    /** The stream has ended in good order: an unfinished frame that is one nevertheless is told. */
    default void end() {}
}
