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
                List.copyOf(stops).stream().filter(stops::remove).forEach(one -> cleaning.add(run(one.stop())));
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

    private static Future<Void> run(Supplier<Future<Void>> stop) {
        try {
            return stop.get();
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    @Override
    public Handle onCancel(Supplier<Future<Void>> stop) {
        if (reason != null) {
            run(stop);
            return () -> {};
        }
        if (stops == null) {
            stops = new LinkedHashSet<>();
        }
        Set<Registration> registered = stops;
        Registration own = new Registration(stop);
        registered.add(own);
        return () -> registered.remove(own);
    }

    @Override
    public Future<Void> sleep(Duration time) {
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
        handle[0] = onCancel(() -> {
            timer.cancel();
            awake.tryFail(cancellation());
            return Future.succeededFuture();
        });
        return awake.future();
    }

    private Failure cancellation() {
        Failure why = reason;
        return why != null ? why : Failure.of(Failure.Kind.CANCELLED, "cancelled");
    }

    @Override
    public <T> Future<T> blocking(String pool, Callable<T> work) {
        return context.blocking(pool, () -> {
            Failure why = reason;
            if (why != null) {
                throw why;
            }
            return work.call();
        });
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

    /** One registration: two of the same supplier are two. */
    private static final class Registration {
        private final Supplier<Future<Void>> stop;

        Registration(Supplier<Future<Void>> stop) {
            this.stop = stop;
        }

        Supplier<Future<Void>> stop() {
            return stop;
        }
    }
}
