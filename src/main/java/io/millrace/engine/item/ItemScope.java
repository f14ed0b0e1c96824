package io.millrace.engine.item;

import io.millrace.engine.queue.Loop;
import io.millrace.spi.Failure;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node of the cancellation tree, on the loop of its stage instance. */
public final class ItemScope implements Scope {
    /** How long cancelled work may take to clean up before it is left behind. */
    static final Duration CLEAN_UP = Duration.ofSeconds(5);

    private final StageContext context;
    private final @Nullable ItemScope parent;
    private @Nullable Set<ItemScope> children;
    private @Nullable Set<Registration> stops;
    private Future<Void> cleaned = Future.succeededFuture();
    private volatile @Nullable Failure reason;

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
        child.reason = reason;
        if (children == null) {
            children = new LinkedHashSet<>();
        }
        children.add(child);
        return child;
    }

    @Override
    public ItemScope shielded() {
        return new ItemScope(context, null);
    }

    @Override
    public boolean cancelled() {
        return reason != null;
    }

    /** Why it was cancelled, or null. */
    public @Nullable Failure reason() {
        return reason;
    }

    @Override
    public Future<Void> cancel(Failure why) {
        if (reason == null) {
            reason = why;
            List<Future<Void>> cleaning = new ArrayList<>();
            if (children != null) {
                List.copyOf(children).forEach(child -> cleaning.add(child.cancel(why)));
            }
            if (stops != null) {
                List.copyOf(stops).stream().filter(stops::remove).forEach(one -> cleaning.add(run(one.operation())));
            }
            cleaned = cleaning.isEmpty()
                    ? Future.succeededFuture()
                    : bounded(Future.join(cleaning).mapEmpty());
        }
        return cleaned;
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
        if (reason != null) {
            run(operation);
            return () -> {};
        }
        if (stops == null) {
            stops = new LinkedHashSet<>();
        }
        Set<Registration> registered = stops;
        Registration own = new Registration(operation);
        registered.add(own);
        return () -> registered.remove(own);
    }

    /** What operations of this scope say; where none says anything, those below it. */
    @Override
    public String doing() {
        List<String> told = new ArrayList<>();
        if (stops != null) {
            stops.forEach(one -> tell(one.operation().doing(), told));
        }
        if (told.isEmpty() && children != null) {
            children.forEach(child -> tell(child.doing(), told));
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
        return sleep(time, () -> "sleeping");
    }

    /** Sleeps, and says what for. */
    Future<Void> sleep(Duration time, Supplier<String> doing) {
        Failure cancelled = reason;
        if (cancelled != null) {
            return Future.failedFuture(cancelled);
        }
        Promise<Void> awake = Promise.promise();
        Handle[] handle = new Handle[1];
        Loop.Timer timer = context.loop().after(time, () -> {
            handle[0].dispose();
            awake.tryComplete();
        });
        handle[0] = onCancel(Operation.of(doing, () -> {
            timer.cancel();
            awake.tryFail(cancellation());
            return Future.succeededFuture();
        }));
        return awake.future();
    }

    Failure cancellation() {
        Failure why = reason;
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
        if (parent != null && parent.children != null) {
            parent.children.remove(this);
        }
    }

    /** An operation that says nothing. */
    private static final class Silent implements Operation {
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

    /** One registration: two of the same operation are two. */
    private static final class Registration {
        private final Operation operation;

        Registration(Operation operation) {
            this.operation = operation;
        }

        Operation operation() {
            return operation;
        }
    }
}
