package io.millrace.spi;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts bytes into lines at {@code \n} or {@code \r\n}; the last one needs no end. A line is a piece of the buffer, valid until the
 * next call. Lines over the bound are skipped but for their beginning. Confined to one thread at a time.
 */
public final class LineReader implements Closeable {
    private static final int CHUNK = 1 << 16;
    private static final int EXCERPT = 1000;

    private final InputStream in;
    private final int maxLine;
    private byte[] buffer = new byte[CHUNK];
    private int start;
    private int end;
    private int scanned;
    private boolean exhausted;
    private boolean first = true;
    private byte[] line = buffer;
    private int offset;
    private int length;
    private boolean tooLong;

    /** @param maxLine bytes of a line, without its end */
    public LineReader(InputStream in, int maxLine) {
        this.in = in;
        this.maxLine = maxLine;
    }

    /** The buffer in which the line lies. */
    public byte[] bytes() {
        return line;
    }

    /** Where it begins there. */
    public int offset() {
        return offset;
    }

    /** Its length in bytes, without its end. */
    public int length() {
        return length;
    }

    /** Whether the line is over the bound; what there is of it is its beginning. */
    public boolean tooLong() {
        return tooLong;
    }

    /** Whether another line can be had without waiting for input. */
    public boolean hasBuffered() {
        return findNewline();
    }

    /** Goes to the next line; false at the end of the input. */
    public boolean next() throws IOException {
        while (!findNewline() && !exhausted) {
            if (end - start > maxLine + 1) {
                return skipLong();
            }
            fill();
        }
        if (scanned == end && start == end) {
            return false;
        }
        take(start, scanned);
        tooLong = length > maxLine;
        length = tooLong ? Math.min(length, EXCERPT) : length;
        return true;
    }

    /** The line ends before {@code stop}, which is its newline or the end of input. */
    private void take(int from, int stop) {
        line = buffer;
        offset = from + (first ? mark(from, stop) : 0);
        first = false;
        length = stop - offset;
        if (length > 0 && buffer[stop - 1] == '\r') {
            length--;
        }
        start = Math.min(stop + 1, end);
        scanned = start;
    }

    /** The length of the mark that some editors put before UTF-8. */
    private int mark(int from, int stop) {
        boolean marked = stop - from >= 3
                && (buffer[from] & 0xFF) == 0xEF
                && (buffer[from + 1] & 0xFF) == 0xBB
                && (buffer[from + 2] & 0xFF) == 0xBF;
        return marked ? 3 : 0;
    }

    private boolean skipLong() throws IOException {
        byte[] beginning = Arrays.copyOfRange(buffer, start, start + Math.min(EXCERPT, end - start));
        while (!findNewline() && !exhausted) {
            start = end;
            fill();
        }
        take(start, scanned);
        line = beginning;
        offset = 0;
        length = beginning.length;
        tooLong = true;
        return true;
    }

    private boolean findNewline() {
        byte[] bytes = buffer;
        int i = scanned;
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        scanned = i;
        return i < end;
    }

    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            scanned -= start;
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int n = in.read(buffer, end, buffer.length - end);
        exhausted = n < 0;
        end += Math.max(0, n);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
