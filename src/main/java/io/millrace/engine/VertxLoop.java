package io.millrace.engine;

import io.millrace.engine.queue.Loop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;

/** A Vert.x event loop. */
record VertxLoop(Context context) implements Loop {
    @Override
    public void execute(Runnable task) {
        context.runOnContext(ignored -> task.run());
    }

    @Override
    public Timer after(Duration time, Runnable task) {
        long millis = Math.max(1, (time.toNanos() + 999_999) / 1_000_000);
        long id = context.owner().setTimer(millis, fired -> {
            if (Vertx.currentContext() == context) {
                task.run();
            } else {
                execute(task);
            }
        });
        return () -> context.owner().cancelTimer(id);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
