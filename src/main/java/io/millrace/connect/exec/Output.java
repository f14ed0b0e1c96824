package io.millrace.connect.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a program prints to one of its streams, kept up to a bound. Safe for use by several threads. */
final class Output {
    private static final int CHUNK = 1 << 14;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final long bound;
    private final boolean keep;
    private boolean over;

    private Output(long bound, boolean keep) {
        this.bound = bound;
        this.keep = keep;
    }

    static Output upTo(long bytes) {
        return new Output(bytes, true);
    }

    /** Reads all and keeps nothing. */
    static Output discarded() {
        return new Output(Long.MAX_VALUE, false);
    }

    long bound() {
        return bound;
    }

    /** Reads to the end of the stream, also past the bound, so that the program is never stuck; tells once that it is passed. */
    void readAll(InputStream in, Runnable passed) {
        byte[] chunk = new byte[CHUNK];
        try (in) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (!add(chunk, n)) {
                    passed.run();
                }
            }
        } catch (IOException e) {
            // the pipe has been closed under the reader: that is its end
        }
    }

    /** False when this passes the bound. */
    private synchronized boolean add(byte[] chunk, int length) {
        if (!keep || over) {
            return true;
        }
        over = kept.size() + length > bound;
        kept.write(chunk, 0, (int) Math.min(length, bound - kept.size()));
        return !over;
    }

    synchronized byte[] bytes() {
        return kept.toByteArray();
    }
}
