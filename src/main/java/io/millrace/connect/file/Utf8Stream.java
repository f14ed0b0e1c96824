package io.millrace.connect.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/** Characters as UTF-8 bytes. */
final class Utf8Stream extends InputStream {
    private final Reader reader;
    private final CharBuffer chars = CharBuffer.allocate(1 << 13);
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    Utf8Stream(Reader reader) {
        this.reader = reader;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (!bytes.hasRemaining()) {
            if (!refill()) {
                return -1;
            }
        }
        int n = Math.min(length, bytes.remaining());
        bytes.get(into, offset, n);
        return n;
    }

    /** A pair of surrogates is never cut: its first half waits for the second. */
    private boolean refill() throws IOException {
        int n = reader.read(chars);
        chars.flip();
        if (n < 0 && !chars.hasRemaining()) {
            return false;
        }
        boolean cut = n >= 0 && Character.isHighSurrogate(chars.get(chars.limit() - 1));
        char half = cut ? chars.get(chars.limit() - 1) : 0;
        chars.limit(chars.limit() - (cut ? 1 : 0));
        bytes = StandardCharsets.UTF_8.encode(chars);
        chars.clear();
        if (cut) {
            chars.put(half);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
