package io.millrace.connect.exec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that runs beside the flow for more than one item. Its outputs are read from its start to its end, each by a thread. */
final class Companion {
    /** Reads a stream to its end. */
    @FunctionalInterface
    interface Reader {
        void read(InputStream in) throws IOException;
    }

    private final ProcessTree tree;
    private final Duration grace;
    private final ErrorLog errors;
    private final CompletableFuture<Integer> ended;

    private Companion(ProcessTree tree, Duration grace, Reader out, ErrorLog errors) {
        this.tree = tree;
        this.grace = grace;
        this.errors = errors;
        CompletableFuture<Integer> exit = tree.onExit();
        CompletableFuture<Void> outEnd =
                CompletableFuture.runAsync(() -> read(out, tree.stdout()), ProcessThreads.POOL);
        CompletableFuture<Void> errEnd =
                CompletableFuture.runAsync(() -> read(errors::read, tree.stderr()), ProcessThreads.POOL);
        CompletableFuture<Void> all = CompletableFuture.allOf(exit, outEnd, errEnd);
        this.ended = exit.thenCompose(code -> inTime(all))
                .thenCompose(good -> good ? inTime(all) : tree.stop(grace).thenCompose(gone -> inTime(all)))
                .thenCompose(done -> exit);
    }

    /** Starts it. Blocks for some milliseconds; throws REJECTED if it cannot be started. */
    static Companion start(Program program, Duration grace, Reader out, ErrorLog errors) {
        return new Companion(program.start(), grace, out, errors);
    }

    private static void read(Reader reader, InputStream stream) {
        try (stream) {
            reader.read(stream);
        } catch (IOException e) {
            // the pipe has been closed under the reader: that is its end
        }
    }

    private static CompletableFuture<Boolean> inTime(CompletableFuture<Void> all) {
        return all.handle((done, failed) -> true)
                .completeOnTimeout(false, Execution.PIPES_AFTER_EXIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    OutputStream stdin() {
        return tree.stdin();
    }

    /** The exit code, when it has ended and all it printed has been read. */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    /** What it wrote to standard error last. */
    String lastWords() {
        return errors.tail();
    }

    /** Waits for its end, within the grace; then ends it with all it has started. */
    CompletableFuture<Integer> leave() {
        return ended.thenApply(exit -> true)
                .completeOnTimeout(false, grace.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(gone -> gone ? ended : stop());
    }

    /** Ends it with all it has started. */
    CompletableFuture<Integer> stop() {
        return tree.stop(grace).thenCompose(gone -> ended);
    }
}
