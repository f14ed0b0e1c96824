package io.millrace.connect.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** A buffer whose content can be taken without a copy, and cut back. */
final class Bytes extends ByteArrayOutputStream {
    private static final int START = 1 << 13;

    Bytes() {
        this(START);
    }

    Bytes(int room) {
        super(room);
    }

    /** Drops what was written after it had this size. */
    void cutTo(int size) {
        count = size;
    }

    ByteBuffer view() {
        return ByteBuffer.wrap(buf, 0, count);
    }

    void copyTo(OutputStream out) throws IOException {
        out.write(buf, 0, count);
    }

    /** The content as one gzip member: members one after another are a gzip file. */
    Bytes zipped() {
        Bytes zipped = new Bytes();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped, START)) {
            copyTo(gzip);
        } catch (IOException e) {
            throw new IllegalStateException("a buffer in memory failed", e);
        }
        return zipped;
    }
}
