package io.millrace.connect.file;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A daemon thread for each piece of work: for what may wait for ever, and must hold up neither a pool nor the end. */
record OwnThread(String name, Vertx vertx) implements ReadAhead.Worker {
    @Override
    public <T> Future<T> run(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> call(work, result), name);
        thread.setDaemon(true);
        thread.start();
        return Future.fromCompletionStage(result, vertx.getOrCreateContext());
    }

    private static <T> void call(Callable<T> work, CompletableFuture<T> result) {
        try {
            result.complete(work.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }
}
