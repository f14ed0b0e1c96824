package io.millrace.engine;

import io.millrace.engine.queue.Loop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A Vert.x event loop. */
final class VertxLoop implements Loop {
    private final Context context;
    private final Timers timers = new Timers(new Bare());
    private volatile @Nullable Thread thread;

    VertxLoop(Context context) {
        this.context = context;
        context.runOnContext(ignored -> thread = Thread.currentThread());
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(ignored -> task.run());
    }

    @Override
    public Timer after(Duration time, Runnable task) {
        Timers.Entry timer = timers.timer(time, task);
        if (Thread.currentThread() == thread) {
            timers.set(timer);
            return timer;
        }
        execute(() -> timers.set(timer));
        return () -> execute(timer::cancel);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    /** The loop as Vert.x gives it, where each timer is dear. */
    private final class Bare implements Loop {
        @Override
        public void execute(Runnable task) {
            VertxLoop.this.execute(task);
        }

        /** A Vert.x timer belongs to the context on which it was set, and ends with its verticle. */
        @Override
        public Timer after(Duration time, Runnable task) {
            Alarm alarm = new Alarm(Math.max(1, (time.toNanos() + 999_999) / 1_000_000), task);
            onContext(alarm::set);
            return alarm;
        }

        @Override
        public long nanoTime() {
            return VertxLoop.this.nanoTime();
        }

        @Override
        public Instant now() {
            return VertxLoop.this.now();
        }

        @Override
        public RandomGenerator random() {
            return VertxLoop.this.random();
        }
    }

    private void onContext(Runnable task) {
        if (Vertx.currentContext() == context) {
            task.run();
        } else {
            execute(task);
        }
    }

    private final class Alarm implements Timer {
        private final long millis;
        private final Runnable task;
        private long id = -1;
        private boolean cancelled;

        Alarm(long millis, Runnable task) {
            this.millis = millis;
            this.task = task;
        }

        void set() {
            if (!cancelled) {
                id = context.owner().setTimer(millis, fired -> ring());
            }
        }

        private void ring() {
            if (!cancelled) {
                task.run();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (id >= 0) {
                context.owner().cancelTimer(id);
            }
        }
    }
}
