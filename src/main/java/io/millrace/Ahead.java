package io.millrace;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Something that takes long to make: made once, when first asked for, or ahead of that on a thread of its own. */
final class Ahead<T> implements Supplier<T> {
    private final FutureTask<T> task;

    Ahead(Supplier<T> maker) {
        this.task = new FutureTask<>(maker::get);
    }

    /** Makes it beside what the caller goes on to do. */
    void begin() {
        Thread thread = new Thread(task, "millrace-ahead");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public T get() {
        task.run(); // does nothing if it runs already
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot start: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }
}
