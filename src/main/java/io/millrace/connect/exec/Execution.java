package io.millrace.connect.exec;

import io.millrace.spi.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of a program to its end: feeds it, collects what it prints, and ends it with all it has started when that is asked for.
 * All streams are served at once, so that neither side waits for the other for ever. Safe for use by several threads.
 */
final class Execution {
    /** How long a pipe may stay open after the program's end: something that it has left behind holds it. */
    static final Duration PIPES_AFTER_EXIT = Duration.ofSeconds(1);

    /** What fits into any pipe that is empty, and so never waits. */
    private static final int ONE_PAGE = 4096;

    private final Program program;
    private final byte[] input;
    private final Output out;
    private final Output err;
    private final Duration grace;
    private final CompletableFuture<ProcessTree> started = new CompletableFuture<>();
    private final CompletableFuture<Void> outEnd = new CompletableFuture<>();
    private final CompletableFuture<Void> errEnd = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<Integer> done = new CompletableFuture<>();
    private final AtomicReference<@Nullable Failure> ending = new AtomicReference<>();

    Execution(Program program, byte[] input, Output out, Output err, Duration grace) {
        this.program = program;
        this.input = input;
        this.out = out;
        this.err = err;
        this.grace = grace;
    }

    /** What a stage of completion has failed with. */
    static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** The exit code, once the program has ended and its pipes are closed; fails with what {@link #end} was called with. */
    CompletableFuture<Integer> start() {
        ProcessThreads.POOL.execute(this::live);
        return done;
    }

    /** Ends the program and all it has started; completes when they are gone. The first reason counts. */
    CompletableFuture<Void> end(Failure why) {
        if (ending.compareAndSet(null, why)) {
            started.thenCompose(tree -> tree.stop(grace)).whenComplete((gone, failed) -> stopped.complete(null));
        }
        return done.handle((exit, failed) -> null);
    }

    private void live() {
        Failure early = ending.get();
        if (early != null) {
            done.completeExceptionally(early);
            return;
        }
        ProcessTree tree;
        try {
            tree = program.start();
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
            return;
        }
        attend(tree);
    }

    private void attend(ProcessTree tree) {
        started.complete(tree);
        tree.onExit().thenCompose(exit -> pipesClosed(tree).thenRun(() -> finish(exit)));
        ProcessThreads.POOL.execute(() -> {
            err.readAll(tree.stderr(), () -> end(passed("standard error", err)));
            errEnd.complete(null);
        });
        feed(tree.stdin());
        out.readAll(tree.stdout(), () -> end(passed("standard output", out)));
        outEnd.complete(null);
    }

    private void feed(OutputStream stdin) {
        if (input.length <= ONE_PAGE) {
            write(stdin);
        } else {
            ProcessThreads.POOL.execute(() -> write(stdin));
        }
    }

    private void write(OutputStream stdin) {
        try (stdin) {
            stdin.write(input);
        } catch (IOException e) {
            // the program does not want (all of) its input, which is its right
        }
    }

    private CompletableFuture<Void> pipesClosed(ProcessTree tree) {
        return closedInTime()
                .thenCompose(closed -> closed
                        ? CompletableFuture.completedFuture(null)
                        : tree.stop(grace).thenCompose(gone -> closedInTime()).thenAccept(ignored -> {}));
    }

    private CompletableFuture<Boolean> closedInTime() {
        return CompletableFuture.allOf(outEnd, errEnd)
                .thenApply(closed -> true)
                .completeOnTimeout(false, PIPES_AFTER_EXIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void finish(int exit) {
        Failure why = ending.get();
        if (why == null) {
            done.complete(exit);
        } else {
            stopped.thenRun(() -> done.completeExceptionally(why));
        }
    }

    private Failure passed(String stream, Output output) {
        return Failure.of(
                Failure.Kind.LIMIT,
                "\"" + program.name() + "\" printed more than " + output.bound() + " bytes to " + stream
                        + " and was ended; raise \"maxOutput\"");
    }
}
