package io.millrace.connect.tcp;

import io.vertx.core.buffer.Buffer;

/** All that comes until the other side closes the connection is one frame. */
record UntilClose() implements Framing {
    @Override
    public Frames frames(int maxFrame, Frames.Taker taker) {
        return new Cut(maxFrame, taker);
    }

    @Override
    public void write(byte[] payload, Buffer out) {
        out.appendBytes(payload);
    }

    @Override
    public boolean endsWithStream() {
        return true;
    }

    private static final class Cut implements Frames {
        private final Buffer all = Buffer.buffer();
        private final int maxFrame;
        private final Taker taker;
        private boolean broken;

        Cut(int maxFrame, Taker taker) {
            this.maxFrame = maxFrame;
            this.taker = taker;
        }

        @Override
        public void take(Buffer piece) {
            if (broken) {
                return;
            }
            if (all.length() + (long) piece.length() > maxFrame) {
                broken = true;
                taker.broken(Sizes.tooLong("more than " + Sizes.words(maxFrame) + " came before the end"));
            } else {
                all.appendBuffer(piece);
            }
        }

        @Override
        public long unfinished() {
            return broken ? 0 : all.length();
        }

        @Override
        public void end() {
            if (!broken && all.length() > 0) {
                broken = true;
                taker.frame(all);
            }
        }
    }
}
