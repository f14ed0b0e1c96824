package io.millrace.engine.item;

import io.millrace.engine.queue.Loop;
import io.millrace.spi.Failure;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node of the cancellation tree, on the loop of its stage instance. Every item that waits has one: it is kept small. */
public final class ItemScope implements Scope {
    /** How long cancelled work may take to clean up before it is left behind. */
    static final Duration CLEAN_UP = Duration.ofSeconds(5);

    private final StageContext context;
    private final @Nullable ItemScope parent;

    /** {@link Few} scopes. */
    private @Nullable Object children;

    /** {@link Few} stops. */
    private @Nullable Object stops;

    private volatile @Nullable Cancellation cancellation;

    /** Why, and when all has cleaned up. */
    private record Cancellation(Failure reason, Future<Void> cleaned) {}

    public ItemScope(StageContext context) {
        this(context, null);
    }

    private ItemScope(StageContext context, @Nullable ItemScope parent) {
        this.context = context;
        this.parent = parent;
    }

    @Override
    public ItemScope child() {
        ItemScope child = new ItemScope(context, this);
        Failure why = reason();
        if (why != null) {
            child.cancellation = new Cancellation(why, Future.succeededFuture());
        }
        children = Few.with(children, child);
        return child;
    }

    @Override
    public ItemScope shielded() {
        return new ItemScope(context, null);
    }

    @Override
    public boolean cancelled() {
        return cancellation != null;
    }

    /** Why it was cancelled, or null. */
    public @Nullable Failure reason() {
        Cancellation cancelled = cancellation;
        return cancelled == null ? null : cancelled.reason();
    }

    @Override
    public Future<Void> cancel(Failure why) {
        Cancellation before = cancellation;
        if (before != null) {
            return before.cleaned();
        }
        cancellation = new Cancellation(why, Future.succeededFuture());
        List<Future<Void>> cleaning = new ArrayList<>(1);
        for (Object child : Few.list(children)) {
            pending(((ItemScope) child).cancel(why), cleaning);
        }
        for (Object stop : Few.list(stops)) {
            if (Few.has(stops, stop)) {
                stops = Few.without(stops, stop);
                pending(run((Stop) stop), cleaning);
            }
        }
        if (cleaning.isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Void> cleaned = bounded(Future.join(cleaning).mapEmpty());
        cancellation = new Cancellation(why, cleaned);
        return cleaned;
    }

    private static void pending(Future<Void> clean, List<Future<Void>> cleaning) {
        if (!clean.isComplete()) {
            cleaning.add(clean);
        }
    }

    private Future<Void> bounded(Future<Void> cleaning) {
        Promise<Void> done = Promise.promise();
        Loop.Timer bound = context.loop().after(CLEAN_UP, done::tryComplete);
        cleaning.onComplete(ignored -> {
            bound.cancel();
            done.tryComplete();
        });
        return done.future();
    }

    private static Future<Void> run(Operation operation) {
        try {
            return operation.stop();
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    @Override
    public Handle onCancel(Supplier<Future<Void>> stop) {
        return onCancel(new Silent(stop));
    }

    @Override
    public Handle onCancel(Operation operation) {
        return onCancel(new Registration(operation));
    }

    private Handle onCancel(Stop stop) {
        if (cancelled()) {
            run(stop);
            return () -> {};
        }
        return register(stop);
    }

    private Stop register(Stop stop) {
        stops = Few.with(stops, stop);
        return stop;
    }

    /** What operations of this scope say; where none says anything, those below it. */
    @Override
    public String doing() {
        List<String> told = new ArrayList<>();
        Few.list(stops).forEach(stop -> tell(((Stop) stop).doing(), told));
        if (told.isEmpty()) {
            Few.list(children).forEach(child -> tell(((ItemScope) child).doing(), told));
        }
        return String.join("; ", told);
    }

    private static void tell(String phrase, List<String> told) {
        if (!phrase.isEmpty()) {
            told.add(phrase);
        }
    }

    @Override
    public Future<Void> sleep(Duration time) {
        return sleep(new Sleep<Void>(null), time);
    }

    @Override
    public <T> Future<T> sleepThen(Duration time, T value) {
        return sleep(new Sleep<>(value), time);
    }

    /** Sleeps, and says what for. */
    Future<Void> sleep(Duration time, Supplier<String> doing) {
        return sleep(new Pause(doing), time);
    }

    private <T> Future<T> sleep(Sleep<T> sleep, Duration time) {
        Failure cancelled = reason();
        if (cancelled != null) {
            return Future.failedFuture(cancelled);
        }
        sleep.timer = context.loop().after(time, sleep);
        register(sleep);
        return sleep.awake.future();
    }

    Failure cancellation() {
        Failure why = reason();
        return why != null ? why : Failure.of(Failure.Kind.CANCELLED, "cancelled");
    }

    @Override
    public <T> Future<T> blocking(String pool, Callable<T> work) {
        return Offloading.run(this, context, pool, work);
    }

    @Override
    public void execute(Runnable task) {
        context.loop().execute(task);
    }

    @Override
    public void close() {
        if (parent != null) {
            parent.children = Few.without(parent.children, this);
        }
    }

    /** What is registered here: two of the same operation are two. */
    private abstract class Stop implements Handle, Operation {
        @Override
        public void dispose() {
            stops = Few.without(stops, this);
        }
    }

    private final class Registration extends Stop {
        private final Operation operation;

        Registration(Operation operation) {
            this.operation = operation;
        }

        @Override
        public Future<Void> stop() {
            return operation.stop();
        }

        @Override
        public String doing() {
            return operation.doing();
        }
    }

    /** An operation that says nothing. */
    private final class Silent extends Stop {
        private final Supplier<Future<Void>> stop;

        Silent(Supplier<Future<Void>> stop) {
            this.stop = stop;
        }

        @Override
        public Future<Void> stop() {
            return stop.get();
        }

        @Override
        public String doing() {
            return "";
        }
    }

    /** One object for the timer's task and the registration. */
    private class Sleep<T> extends Stop implements Runnable {
        private final Promise<T> awake = Promise.promise();
        private final @Nullable T value;
        private Loop.@Nullable Timer timer;

        Sleep(@Nullable T value) {
            this.value = value;
        }

        @Override
        public void run() {
            dispose();
            awake.tryComplete(value);
        }

        @Override
        public Future<Void> stop() {
            if (timer != null) {
                timer.cancel();
            }
            awake.tryFail(cancellation());
            return Future.succeededFuture();
        }

        @Override
        public String doing() {
            return "sleeping";
        }
    }

    /** A sleep that says what for. */
    private final class Pause extends Sleep<Void> {
        private final Supplier<String> doing;

        Pause(Supplier<String> doing) {
            super(null);
            this.doing = doing;
        }

        @Override
        public String doing() {
            return doing.get();
        }
    }
}
