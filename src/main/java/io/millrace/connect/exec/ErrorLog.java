package io.millrace.connect.exec;

import io.millrace.spi.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes what a program says on the side on to the log, at a bounded rate, and keeps the end of it for failures. */
final class ErrorLog {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorLog.class);
    private static final int MAX_LINE = 1000;
    private static final int LINES_PER_SECOND = 20;
    private static final int TAIL = 2000;

    private final String place;
    private final StringBuilder tail = new StringBuilder();
    private long second;
    private int logged;
    private long dropped;

    /** @param place what stands before each line: stage and program */
    ErrorLog(String place) {
        this.place = place;
    }

    /** Reads to the end of the stream. */
    void read(InputStream in) throws IOException {
        LineReader lines = new LineReader(in, MAX_LINE);
        while (lines.next()) {
            String text = new String(lines.bytes(), lines.offset(), lines.length(), StandardCharsets.UTF_8);
            add(lines.tooLong() ? text + "…" : text);
        }
        tellDropped();
    }

    private synchronized void add(String text) {
        tail.append(text).append('\n');
        tail.delete(0, Math.max(0, tail.length() - TAIL));
        long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        if (now != second) {
            tellDropped();
            second = now;
            logged = 0;
        }
        if (logged++ < LINES_PER_SECOND) {
            LOG.info("{}: {}", place, text);
        } else {
            dropped++;
        }
    }

    private synchronized void tellDropped() {
        if (dropped > 0) {
            LOG.info("{}: and {} lines more", place, dropped);
            dropped = 0;
        }
    }

    /** The last lines. */
    synchronized String tail() {
        return tail.toString();
    }
}
