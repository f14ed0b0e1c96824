package io.millrace.connect.exec;

import io.millrace.spi.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A live co-process: lines go in and answers come out. What is sent is gathered in a buffer while the writing thread is busy with the one
 * before, so that the busier it is, the fewer and larger the writes are; answers are parsed by the reading thread and told in
 * batches. Safe for use by several threads.
 */
final class Link {
    /** Batches of answers that are told and not yet taken: the reading thread waits then, and so does the program. */
    private static final int BATCHES = 8;

    private static final int BATCH = 512;
    private static final int FIRST_BUFFER = 1 << 14;

    /** A buffer that has grown beyond this is not kept. */
    private static final int KEPT_BUFFER = 1 << 20;

    private final BiConsumer<Link, List<Answer>> told;
    private final int maxLine;
    private final Semaphore room = new Semaphore(BATCHES);
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> outEnd = new CompletableFuture<>();
    private byte[] pending = new byte[FIRST_BUFFER];
    private int length;
    private boolean closed;
    private @Nullable Companion companion;

    private Link(BiConsumer<Link, List<Answer>> told, int maxLine) {
        this.told = told;
        this.maxLine = maxLine;
    }

    /** Starts it. Blocks for some milliseconds; throws REJECTED if it cannot be started. */
    static Link start(Program program, Duration grace, int maxLine, ErrorLog log, BiConsumer<Link, List<Answer>> told) {
        Link link = new Link(told, maxLine);
        Companion started = Companion.start(program, grace, link::readAnswers, log);
        link.companion = started;
        ProcessThreads.POOL.execute(() -> link.write(started.stdin()));
        started.ended().whenComplete((exit, failed) -> link.closeInput());
        return link;
    }

    /** Lets it tell answers: not before its owner knows it. */
    void begin() {
        begun.complete(null);
    }

    Companion companion() {
        return Objects.requireNonNull(companion);
    }

    /** When it has closed its output: no answer comes after that. */
    CompletableFuture<Void> outEnd() {
        return outEnd;
    }

    /** The batch has been taken. */
    void taken() {
        room.release();
    }

    /** Sends a line. */
    synchronized void send(byte[] line) {
        int needed = length + line.length + 1;
        if (needed > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(needed, 2 * pending.length));
        }
        System.arraycopy(line, 0, pending, length, line.length);
        pending[needed - 1] = '\n';
        length = needed;
        notifyAll();
    }

    /** Closes its input when all has been sent, which tells it to end. */
    synchronized void closeInput() {
        closed = true;
        notifyAll();
    }

    private void write(OutputStream stdin) {
        byte[] spare = new byte[FIRST_BUFFER];
        try (stdin) {
            while (true) {
                int n;
                synchronized (this) {
                    while (length == 0 && !closed) {
                        wait();
                    }
                    n = length;
                    byte[] full = pending;
                    pending = spare;
                    spare = full;
                    length = 0;
                }
                if (n == 0) {
                    return;
                }
                stdin.write(spare, 0, n);
                stdin.flush();
                spare = spare.length > KEPT_BUFFER ? new byte[FIRST_BUFFER] : spare;
            }
        } catch (IOException e) {
            // it has gone, or reads no more: its end tells
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readAnswers(InputStream stdout) throws IOException {
        try {
            begun.join();
            LineReader lines = new LineReader(stdout, maxLine);
            List<Answer> batch = new ArrayList<>();
            while (lines.next()) {
                if (lines.length() > 0) {
                    batch.add(Answer.of(lines, maxLine));
                }
                if (!batch.isEmpty() && (batch.size() >= BATCH || !lines.hasBuffered())) {
                    room.acquire();
                    told.accept(this, batch);
                    batch = new ArrayList<>();
                }
            }
            if (!batch.isEmpty()) {
                told.accept(this, batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            outEnd.complete(null);
        }
    }
}
