package io.millrace.connect.exec;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts what a program prints into lines at {@code \n} or {@code \r\n}; the last one needs no end. A line is a piece of the buffer,
 * valid until the next call. Of a line over the bound there is only the beginning, and the next one follows. For one thread.
 */
final class Lines {
    private static final int CHUNK = 1 << 16;
    private static final int EXCERPT = 1000;

    private final InputStream in;
    private final int maxLine;
    private byte[] buffer = new byte[CHUNK];
    private int start;
    private int end;
    private int scanned;
    private boolean exhausted;
    private byte[] line = buffer;
    private int offset;
    private int length;
    private boolean tooLong;

    Lines(InputStream in, int maxLine) {
        this.in = in;
        this.maxLine = maxLine;
    }

    byte[] bytes() {
        return line;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    boolean tooLong() {
        return tooLong;
    }

    /** Whether another line can be had without waiting. */
    boolean hasBuffered() {
        return findNewline();
    }

    /** Goes to the next line; false at the end. */
    boolean next() throws IOException {
        while (!findNewline() && !exhausted) {
            if (end - start > maxLine + 1) {
                return skipLong();
            }
            fill();
        }
        if (start == end) {
            return false;
        }
        take();
        tooLong = length > maxLine;
        length = tooLong ? Math.min(length, EXCERPT) : length;
        return true;
    }

    private void take() {
        line = buffer;
        offset = start;
        length = scanned - start;
        if (length > 0 && buffer[scanned - 1] == '\r') {
            length--;
        }
        start = Math.min(scanned + 1, end);
        scanned = start;
    }

    private boolean skipLong() throws IOException {
        byte[] beginning = Arrays.copyOfRange(buffer, start, start + Math.min(EXCERPT, end - start));
        while (!findNewline() && !exhausted) {
            start = end;
            fill();
        }
        take();
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
}
