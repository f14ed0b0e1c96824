package io.millrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Standard output of a flow. When its reader has gone ({@code | head -1}) it says so once and swallows the rest: an item whose line no one
 * wants to read is no failure.
 */
final class DataOut extends OutputStream {
    private final PrintStream target;
    private final Runnable closed;
    private final AtomicBoolean gone = new AtomicBoolean();

    private DataOut(PrintStream target, Runnable closed) {
        this.target = target;
        this.closed = closed;
    }

    static PrintStream to(PrintStream target, Runnable closed) {
        return new PrintStream(new DataOut(target, closed), false, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        if (gone.get()) {
            return;
        }
        target.write(bytes, from, count);
        if (target.checkError() && gone.compareAndSet(false, true)) {
            closed.run();
        }
    }
}
