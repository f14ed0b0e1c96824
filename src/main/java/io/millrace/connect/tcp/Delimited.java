package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.Charset;

/** Frames that end with a delimiter. Where it is a line feed, a carriage return before it belongs to it. */
final class Delimited implements Framing {
    private final byte[] delimiter;
    private final String shown;
    private final boolean lines;

    Delimited(String delimiter, Charset charset) {
        this.delimiter = delimiter.getBytes(charset);
        this.shown = delimiter.replace("\n", "\\n").replace("\r", "\\r");
        this.lines = delimiter.equals("\n") && this.delimiter.length == 1;
    }

    @Override
    public Frames frames(int maxFrame, Frames.Taker taker) {
        return new Cut(maxFrame, taker);
    }

    @Override
    public void check(byte[] payload) {
        int found = indexOf(payload);
        if (found >= 0 && found < payload.length - delimiter.length) {
            throw Failure.badData("what is sent holds the delimiter \"" + shown
                    + "\", which would make several frames of it. Take it out, use \"prefix\", or, in a step, say"
                    + " \"raw\": true.");
        }
    }

    /** A payload that ends with the delimiter already gets no second one. */
    @Override
    public void write(byte[] payload, Buffer out) {
        out.appendBytes(payload);
        int from = payload.length - delimiter.length;
        if (from < 0 || !matches(payload, from)) {
            out.appendBytes(delimiter);
        }
    }

    private int indexOf(byte[] payload) {
        for (int i = 0; i <= payload.length - delimiter.length; i++) {
            if (payload[i] == delimiter[0] && matches(payload, i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(byte[] payload, int from) {
        for (int i = 0; i < delimiter.length; i++) {
            if (payload[from + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    private final class Cut implements Frames {
        private final RecordParser parser = RecordParser.newDelimited(Buffer.buffer(delimiter));
        private final int maxFrame;
        private final Taker taker;
        private long unfinished;
        private boolean broken;

        Cut(int maxFrame, Taker taker) {
            this.maxFrame = maxFrame;
            this.taker = taker;
            parser.maxRecordSize(maxFrame + delimiter.length).exceptionHandler(thrown -> tooLong());
            parser.handler(this::frame);
        }

        @Override
        public void take(Buffer piece) {
            if (!broken) {
                unfinished += piece.length();
                parser.handle(piece);
            }
        }

        private void frame(Buffer whole) {
            unfinished -= whole.length() + delimiter.length;
            int length = whole.length();
            boolean returned = lines && length > 0 && whole.getByte(length - 1) == '\r';
            if (broken) {
                return;
            }
            if (length - (returned ? 1 : 0) > maxFrame) {
                tooLong();
            } else {
                taker.frame(returned ? whole.slice(0, length - 1) : whole);
            }
        }

        private void tooLong() {
            if (!broken) {
                broken = true;
                taker.broken(Sizes.tooLong("no \"" + shown + "\" came within " + Sizes.words(maxFrame)));
            }
        }

        @Override
        public long unfinished() {
            return unfinished;
        }

        /** The last line needs no end. */
        @Override
        public void end() {
            if (unfinished > 0) {
                take(Buffer.buffer(delimiter));
            }
        }
    }
}
