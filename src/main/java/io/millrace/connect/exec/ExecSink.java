package io.millrace.connect.exec;

import io.millrace.spi.Assembly;
import io.millrace.spi.Batch;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** LineReader into a program. Writes wait for the pipe on threads for processes, one after another, whichever event loop they come from. */
final class ExecSink implements Sink {
    private final Program program;
    private final Vertx vertx;
    private final String place;
    private final SinkLines lines;
    private final Restart restart;
    private final Exits expect;
    private final Duration grace;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private volatile @Nullable Companion companion;

    ExecSink(Program program, Settings settings, Assembly assembly) {
        this.program = program;
        this.vertx = assembly.vertx();
        this.place = assembly.stage() + ": " + program.name();
        this.lines = new SinkLines(settings);
        this.restart = settings.get(Restart.FIELD);
        this.expect = settings.get(ExecFields.EXPECT);
        this.grace = settings.get(ExecFields.GRACE);
    }

    @Override
    public Future<Void> open() {
        return inTurn(() -> {
            start();
            return null;
        });
    }

    private Companion start() {
        ErrorLog log = new ErrorLog(place);
        Companion started = Companion.start(program, grace, log::read, log);
        companion = started;
        return started;
    }

    @Override
    public Future<Void> write(Batch batch) {
        SinkLines.Encoded encoded = lines.of(batch);
        return inTurn(() -> {
                    write(encoded.bytes());
                    return null;
                })
                .map(written -> {
                    encoded.rejected().forEach(batch::reject);
                    return null;
                });
    }

    private void write(byte[] bytes) {
        Companion open = companion;
        Companion to = open == null ? start() : open;
        try {
            to.stdin().write(bytes);
            to.stdin().flush();
        } catch (IOException e) {
            throw gone(to);
        }
    }

    /** The program reads no more: it has ended, or is ended now. */
    private Failure gone(Companion old) {
        int exit = await(old.leave());
        String words = old.lastWords();
        if (restart.after(expect.accepts(exit))) {
            companion = null;
            return Exits.died(program.name(), exit, words);
        }
        return Exits.failure(program.name(), exit, " before all was written", words);
    }

    private int await(CompletableFuture<Integer> exit) {
        try {
            return exit.get(3 * grace.toMillis() + TimeUnit.SECONDS.toMillis(10), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw Failure.of(Kind.REJECTED, "\"" + program.name() + "\" reads no more and does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(Kind.CANCELLED, "cancelled", e);
        }
    }

    @Override
    public Future<Void> close(boolean complete) {
        Companion before = companion;
        if (!complete && before != null) {
            before.leave();
        }
        return inTurn(this::closeInput).compose(open -> open == null ? Future.succeededFuture() : end(open, complete));
    }

    private @Nullable Companion closeInput() {
        Companion open = companion;
        companion = null;
        if (open != null) {
            try {
                open.stdin().close();
            } catch (IOException e) {
                // it reads no more: its exit code says whether that is well
            }
        }
        return open;
    }

    /** A run that has ended well waits for the program, however long it works on. */
    private Future<Void> end(Companion open, boolean complete) {
        Context context = vertx.getOrCreateContext();
        return Future.fromCompletionStage(complete ? open.ended() : open.leave(), context)
                .compose(exit -> expect.accepts(exit) || !complete
                        ? Future.succeededFuture()
                        : Future.failedFuture(Exits.failure(program.name(), exit, open.lastWords())));
    }

    /** Does what blocks when all that came before is done; completes on the caller's event loop. */
    private synchronized <T> Future<T> inTurn(Callable<T> work) {
        CompletableFuture<T> next = last.handleAsync((before, failed) -> call(work), ProcessThreads.POOL);
        last = next;
        return Future.fromCompletionStage(next, vertx.getOrCreateContext())
                .recover(thrown -> Future.failedFuture(Execution.unwrapped(thrown)));
    }

    private static <T> T call(Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
