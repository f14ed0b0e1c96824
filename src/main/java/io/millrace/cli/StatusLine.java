package io.millrace.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * The last line of a terminal, drawn over and over. What others print goes through {@link #above}: the line steps aside for it, and
 * comes back at the next draw, though never into the middle of a line of theirs. May be used from any thread.
 */
final class StatusLine implements ProgressBarConsumer {
    private static final String ERASE = "\r\u001b[K";
    private final PrintStream err;
    private final int columns;
    private boolean drawn;
    private boolean midLine;

    StatusLine(PrintStream err, int columns) {
        this.err = err;
        this.columns = columns;
    }

    /** A stream that prints above the line. */
    PrintStream above(PrintStream target) {
        return new PrintStream(new Above(target), false, StandardCharsets.UTF_8);
    }

    @Override
    public int getMaxRenderedLength() {
        return columns - 1;
    }

    @Override
    public synchronized void accept(String line) {
        if (!midLine) {
            err.print("\r" + line + "\u001b[K");
            err.flush();
            drawn = true;
        }
    }

    @Override
    public synchronized void clear() {
        if (drawn) {
            err.print(ERASE);
            err.flush();
            drawn = false;
        }
    }

    @Override
    public void close() {
        clear();
    }

    private synchronized void print(PrintStream target, byte[] bytes, int from, int count) {
        if (count > 0) {
            clear();
            target.write(bytes, from, count);
            target.flush();
            midLine = bytes[from + count - 1] != '\n';
        }
    }

    private final class Above extends OutputStream {
        private final PrintStream target;

        Above(PrintStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            print(target, bytes, from, count);
        }
    }
}
