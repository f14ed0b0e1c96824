package io.millrace.connect.http;

import java.util.Arrays;

/**
 * Cuts what comes in pieces into lines at {@code \n} or {@code \r\n}; the last one needs no end. A line over the bound is told with its
 * beginning alone; those after it go on. Confined to one event loop.
 */
final class LineCutter {
    /** Takes lines; the bytes are valid during the call. */
    interface Lines {
        void line(byte[] bytes, int offset, int length, boolean tooLong);
    }

    private static final int EXCERPT = 1000;

    private final int maxLine;
    private final Lines lines;
    private byte[] kept = new byte[256];
    private int length;
    private boolean tooLong;
    private boolean begun;

    LineCutter(int maxLine, Lines lines) {
        this.maxLine = maxLine;
        this.lines = lines;
    }

    void feed(byte[] piece) {
        int from = begun ? 0 : mark(piece);
        begun |= piece.length > 0;
        for (int i = from; i < piece.length; i++) {
            if (piece[i] == '\n') {
                cut(piece, from, i);
                from = i + 1;
            }
        }
        keep(piece, from, piece.length);
    }

    /** The length of the mark that some editors put before UTF-8. */
    private static int mark(byte[] piece) {
        boolean marked = piece.length >= 3
                && (piece[0] & 0xFF) == 0xEF
                && (piece[1] & 0xFF) == 0xBB
                && (piece[2] & 0xFF) == 0xBF;
        return marked ? 3 : 0;
    }

    /** There is no more: tells a last line that has no end. */
    void end() {
        if (length > 0 || tooLong) {
            tellKept();
        }
    }

    private void cut(byte[] piece, int from, int to) {
        if (length == 0 && !tooLong && to - from <= maxLine) {
            tell(piece, from, to - from, false);
            return;
        }
        keep(piece, from, to);
        tellKept();
    }

    private void tellKept() {
        tell(kept, 0, tooLong ? Math.min(length, EXCERPT) : length, tooLong);
        length = 0;
        tooLong = false;
    }

    private void tell(byte[] bytes, int offset, int size, boolean over) {
        boolean carriage = !over && size > 0 && bytes[offset + size - 1] == '\r';
        lines.line(bytes, offset, carriage ? size - 1 : size, over);
    }

    private void keep(byte[] piece, int from, int to) {
        int size = Math.min(to - from, maxLine - length);
        tooLong |= size < to - from;
        if (size > kept.length - length) {
            kept = Arrays.copyOf(kept, Math.max(2 * kept.length, length + size));
        }
        System.arraycopy(piece, from, kept, length, size);
        length += size;
    }
}
