package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;

/**
 * Frames that begin with their length.
 *
 * @param bytes of the length: 1, 2, 4 or 8
 * @param little whether its least byte comes first
 * @param whole whether it counts itself
 */
record LengthPrefix(int bytes, boolean little, boolean whole) implements Framing {
    @Override
    public Frames frames(int maxFrame, Frames.Taker taker) {
        return new Cut(maxFrame, taker);
    }

    @Override
    public void check(byte[] payload) {
        long length = payload.length + (whole ? bytes : 0L);
        if (bytes < Integer.BYTES && length >= 1L << (Byte.SIZE * bytes)) {
            throw Failure.badData(payload.length + " bytes are too many for a length prefix of " + bytes + ".");
        }
    }

    @Override
    public void write(byte[] payload, Buffer out) {
        long length = payload.length + (whole ? bytes : 0L);
        for (int i = 0; i < bytes; i++) {
            int shift = Byte.SIZE * (little ? i : bytes - 1 - i);
            out.appendByte((byte) (length >>> shift));
        }
        out.appendBytes(payload);
    }

    /** Without its own bytes where it counts them. */
    private long payloadLength(Buffer prefix) {
        long length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << Byte.SIZE | prefix.getUnsignedByte(little ? bytes - 1 - i : i);
        }
        return whole ? length - bytes : length;
    }

    private final class Cut implements Frames {
        private final RecordParser parser = RecordParser.newFixed(bytes);
        private final int maxFrame;
        private final Taker taker;
        private boolean inPayload;
        private boolean broken;
        private long unfinished;

        Cut(int maxFrame, Taker taker) {
            this.maxFrame = maxFrame;
            this.taker = taker;
            parser.handler(this::part);
        }

        @Override
        public void take(Buffer piece) {
            if (!broken) {
                unfinished += piece.length();
                parser.handle(piece);
            }
        }

        private void part(Buffer part) {
            if (broken) {
                return;
            }
            if (inPayload) {
                inPayload = false;
                parser.fixedSizeMode(bytes);
                unfinished -= bytes + part.length();
                taker.frame(part);
            } else {
                begin(payloadLength(part));
            }
        }

        private void begin(long length) {
            if (length == 0) {
                unfinished -= bytes;
                taker.frame(Buffer.buffer());
            } else if (length < 0 || length > maxFrame) {
                broken = true;
                taker.broken(refused(length));
            } else {
                inPayload = true;
                parser.fixedSizeMode((int) length);
            }
        }

        private Failure refused(long length) {
            return length > 0
                    ? Sizes.tooLong(
                            "a length prefix announces " + length + " bytes, more than " + Sizes.words(maxFrame))
                    : Failure.badData("a length prefix announces " + (whole ? length + bytes : length)
                            + " bytes, which is no length");
        }

        @Override
        public long unfinished() {
            return unfinished;
        }
    }
}
