package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;

/**
 * Frames of one length. What a step sends may have another one: its {@code length} is that of the reply.
 *
 * @param exact whether what is sent must have that length too
 */
record FixedLength(int length, boolean exact) implements Framing {
    @Override
    public Frames frames(int maxFrame, Frames.Taker taker) {
        return new Cut(length, taker);
    }

    @Override
    public void check(byte[] payload) {
        if (exact && payload.length != length) {
            throw Failure.badData(
                    "a frame has " + length + " bytes, and what is to be sent has " + payload.length + ".");
        }
    }

    @Override
    public void write(byte[] payload, Buffer out) {
        out.appendBytes(payload);
    }

    private static final class Cut implements Frames {
        private final RecordParser parser;
        private long unfinished;

        Cut(int length, Taker taker) {
            this.parser = RecordParser.newFixed(length);
            parser.handler(frame -> {
                unfinished -= frame.length();
                taker.frame(frame);
            });
        }

        @Override
        public void take(Buffer piece) {
            unfinished += piece.length();
            parser.handle(piece);
        }

        @Override
        public long unfinished() {
            return unfinished;
        }
    }
}
