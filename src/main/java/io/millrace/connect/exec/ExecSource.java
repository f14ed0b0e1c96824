package io.millrace.connect.exec;

import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.LineReader;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The lines that a program prints. A thread reads them into chunks and stops at the bound on those that wait; then the pipe fills, and the
 * program waits. The rest is on the event loop of the source.
 */
final class ExecSource implements Source {
    private static final int CHUNK = 512;
    private static final int CHUNKS = 2;

    private final Program program;
    private final Vertx vertx;
    private final String place;
    private final LineRecords format;
    private final Restart restart;
    private final Exits expect;
    private final int maxLine;
    private final java.time.Duration grace;
    private final Semaphore room = new Semaphore(CHUNKS);
    private final Deque<Records> chunks = new ArrayDeque<>();
    private @Nullable Context context;
    private @Nullable Companion companion;
    private @Nullable Promise<Boolean> reading;
    private @Nullable Records wanted;
    private @Nullable Throwable failure;
    private int taken;
    private int ends;
    private boolean ended;
    private volatile boolean closed;
    private volatile long lines;

    ExecSource(Program program, Settings settings, Assembly assembly) {
        this.program = program;
        this.vertx = assembly.vertx();
        this.place = assembly.stage() + ": " + program.name();
        this.format = settings.get(ExecSourceType.FORMAT);
        this.restart = settings.get(Restart.FIELD);
        this.expect = settings.get(ExecFields.EXPECT);
        this.maxLine = ExecFields.maxLine(settings);
        this.grace = settings.get(ExecFields.GRACE);
    }

    @Override
    public boolean endless() {
        return restart == Restart.ALWAYS;
    }

    @Override
    public Future<Void> open() {
        Context own = vertx.getOrCreateContext();
        context = own;
        return start(own);
    }

    private Future<Void> start(Context own) {
        CompletableFuture<Void> outEnd = new CompletableFuture<>();
        CompletableFuture<Companion> started = CompletableFuture.supplyAsync(
                () -> Companion.start(program, grace, out -> readAll(out, own, outEnd), new ErrorLog(place)),
                ProcessThreads.POOL);
        return Future.fromCompletionStage(started, own)
                .recover(thrown -> Future.failedFuture(Execution.unwrapped(thrown)))
                .map(running -> {
                    companion = running;
                    CompletableFuture<Integer> end = running.ended().thenCombine(outEnd, (exit, all) -> exit);
                    Future.fromCompletionStage(end, own).onSuccess(exit -> ended(own, running, exit));
                    return null;
                });
    }

    private void readAll(InputStream out, Context own, CompletableFuture<Void> outEnd) throws IOException {
        try {
            LineReader from = new LineReader(out, maxLine);
            boolean more = true;
            while (more && !closed) {
                Records chunk = new Records(CHUNK);
                more = fill(from, chunk);
                if (chunk.size() > 0) {
                    room.acquire();
                    own.runOnContext(go -> arrived(chunk));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            outEnd.complete(null);
        }
    }

    private boolean fill(LineReader from, Records chunk) throws IOException {
        do {
            if (!from.next()) {
                return false;
            }
            long position = lines + 1;
            lines = position;
            String where = program.name() + ":" + position;
            if (from.tooLong()) {
                chunk.bad(LineRecords.text(from), position, tooLong(where));
            } else {
                format.add(from, where, position, chunk);
            }
        } while (!chunk.isFull() && from.hasBuffered());
        return true;
    }

    private Failure tooLong(String where) {
        return Failure.of(Kind.LIMIT, where + ": the line is longer than " + maxLine + " bytes; raise \"maxLine\"");
    }

    private void arrived(Records chunk) {
        ends = 0;
        chunks.add(chunk);
        serve();
    }

    private void ended(Context own, Companion old, int exit) {
        boolean success = expect.accepts(exit);
        if (closed || !restart.after(success)) {
            ended = true;
            failure = success || closed ? null : failure(old, exit);
            serve();
            return;
        }
        vertx.setTimer(Restart.delay(++ends), timer -> restart(own));
    }

    private Failure failure(Companion old, int exit) {
        return Exits.failure(program.name(), exit, " after " + lines + " lines", old.lastWords());
    }

    private void restart(Context own) {
        if (closed) {
            return;
        }
        start(own).onFailure(thrown -> {
            ended = true;
            failure = thrown;
            serve();
        });
    }

    @Override
    public Future<Boolean> read(Records into) {
        Promise<Boolean> promise = Promise.promise();
        reading = promise;
        wanted = into;
        serve();
        return promise.future();
    }

    /** Gives what there is to the one who reads. */
    private void serve() {
        Promise<Boolean> promise = reading;
        Records into = wanted;
        if (promise == null || into == null || (chunks.isEmpty() && !ended && !closed)) {
            return;
        }
        reading = null;
        wanted = null;
        while (!into.isFull() && !chunks.isEmpty() && !closed) {
            move(chunks.element(), into);
        }
        Throwable thrown = failure;
        if (into.size() == 0 && thrown != null && !closed) {
            promise.fail(thrown);
        } else {
            promise.complete(into.size() > 0 && !closed);
        }
    }

    private void move(Records chunk, Records into) {
        Failure bad = chunk.failure(taken);
        if (bad == null) {
            into.add(chunk.value(taken), chunk.position(taken));
        } else {
            into.bad(chunk.value(taken), chunk.position(taken), bad);
        }
        if (++taken == chunk.size()) {
            chunks.remove();
            taken = 0;
            room.release();
        }
    }

    @Override
    public Future<Void> close() {
        closed = true;
        serve();
        room.release(CHUNKS);
        Companion running = companion;
        Context own = context;
        return running == null || own == null
                ? Future.succeededFuture()
                : Future.fromCompletionStage(running.stop(), own).mapEmpty();
    }
}
