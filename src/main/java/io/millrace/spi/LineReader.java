package io.millrace.spi;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts bytes into lines at {@code \n} or {@code \r\n}; the last one needs no end. A line is a piece of the buffer, valid until the
 * next call. Lines over the bound are skipped but for their beginning. Knows at which byte of the input each line begins. Confined to
 * one thread at a time.
 */
public final class LineReader implements Closeable {
    private static final int CHUNK = 1 << 16;
    private static final int EXCERPT = 1000;
    private static final int MARK = 3;

    private final InputStream in;
    private final int maxLine;

    /** So many bytes without an end are too long, and hold the excerpt: what is told of a line does not depend on how it was buffered. */
    private final int enough;

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
    private long base;
    private long place;

    /** @param maxLine bytes of a line, without its end */
    public LineReader(InputStream in, int maxLine) {
        this.in = in;
        this.maxLine = maxLine;
        this.enough = Math.max(maxLine, EXCERPT) + MARK + 1;
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

    /** At which byte of the input the line begins, a mark before it included. */
    public long place() {
        return place;
    }

    /** At which byte of the input the next line begins. */
    public long nextPlace() {
        return base + start;
    }

    /**
     * Goes on at a line that begins at that byte, not before {@link #nextPlace}. What lies between is skipped as the input skips it: a
     * plain file's at once.
     *
     * @throws java.io.EOFException if the input ends before
     */
    public void skipTo(long to) throws IOException {
        long beyond = to - base - end;
        if (beyond > 0) {
            in.skipNBytes(beyond);
            base = to;
            end = 0;
        }
        start = (int) (to - base);
        scanned = start;
        first = to == 0;
    }

    /** Whether another line can be had without waiting for input. */
    public boolean hasBuffered() {
        return findNewline();
    }

    /** Goes to the next line; false at the end of the input. */
    public boolean next() throws IOException {
        while (!findNewline() && !exhausted) {
            if (end - start > enough) {
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
        place = base + from;
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
        boolean marked = stop - from >= MARK
                && (buffer[from] & 0xFF) == 0xEF
                && (buffer[from + 1] & 0xFF) == 0xBB
                && (buffer[from + 2] & 0xFF) == 0xBF;
        return marked ? MARK : 0;
    }

    private boolean skipLong() throws IOException {
        long began = base + start;
        int from = start + (first ? mark(start, end) : 0);
        byte[] beginning = Arrays.copyOfRange(buffer, from, from + EXCERPT);
        while (!findNewline() && !exhausted) {
            start = end;
            fill();
        }
        take(start, scanned);
        line = beginning;
        place = began;
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
            base += start;
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
