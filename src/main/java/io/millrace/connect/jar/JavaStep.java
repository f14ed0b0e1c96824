package io.millrace.connect.jar;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Step;
import io.millrace.spi.Template;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the object of one stage instance for each item, in a worker or on its event loop. */
final class JavaStep implements Step {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.java");
    private static final long CLOSE_SECONDS = 5;

    private record Callee(Function<@Nullable Object, @Nullable Object> function, ClassLoader loader) {}

    private final String name;
    private final Optional<Template> with;
    private final boolean parallel;
    private final Assembly assembly;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Callee callee;

    JavaStep(String name, Optional<Template> with, boolean parallel, Assembly assembly) {
        this.name = name;
        this.with = with;
        this.parallel = parallel;
        this.assembly = assembly;
    }

    /** The object is made. */
    void use(Function<@Nullable Object, @Nullable Object> function, ClassLoader loader) {
        callee = new Callee(function, loader);
    }

    @Override
    public boolean oneAtATime() {
        return !parallel;
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        JsonNode argument = with.isPresent() ? with.get().eval(frame) : frame.document();
        Object returned;
        calls.incrementAndGet();
        try {
            Callee to = Objects.requireNonNull(callee, "the object is not made yet");
            Object given = JavaValues.of(argument);
            returned = Guest.call(to.loader(), () -> to.function().apply(given));
        } catch (OutOfMemoryError full) {
            throw full;
        } catch (Throwable thrown) {
            return Future.failedFuture(Thrown.failure(name, thrown));
        } finally {
            calls.decrementAndGet();
        }
        return returned instanceof CompletionStage<?> later
                ? awaited(later, frame.scope())
                : Future.succeededFuture(json(returned));
    }

    private JsonNode json(@Nullable Object returned) {
        try {
            return JsonValues.of(returned);
        } catch (JsonValues.NoJson no) {
            throw Failure.of(Kind.BUG, name + " returned " + no.getMessage());
        }
    }

    /** Goes on when the stage completes, on whatever thread; cancelling the scope cancels it. */
    private Future<JsonNode> awaited(CompletionStage<?> later, Scope scope) {
        Promise<JsonNode> done = Promise.promise();
        scope.execute(() -> {
            Scope.Handle handle = scope.onCancel(() -> {
                if (later instanceof java.util.concurrent.Future<?> future) {
                    future.cancel(true);
                }
                done.tryFail(Failure.of(Kind.CANCELLED, "cancelled"));
                return Future.succeededFuture();
            });
            later.whenComplete((value, thrown) -> scope.execute(() -> {
                handle.dispose();
                settle(done, value, thrown);
            }));
        });
        return done.future();
    }

    private void settle(Promise<JsonNode> done, @Nullable Object value, @Nullable Throwable thrown) {
        if (thrown != null) {
            done.tryFail(Thrown.failure(name, thrown));
            return;
        }
        try {
            done.tryComplete(json(value));
        } catch (RuntimeException | StackOverflowError no) {
            done.tryFail(Thrown.failure(name, no));
        }
    }

    /** Closes the object, unless a call that could not be stopped is still in it. */
    Future<Void> close(JavaObject object) {
        if (calls.get() > 0) {
            LOG.warn("stage {}: {} is not closed, for a call of it still runs.", assembly.stage(), name);
            return Future.succeededFuture();
        }
        return assembly.<@Nullable Void>blocking(object::close)
                .timeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                .recover(thrown -> {
                    LOG.warn("stage {}: {} did not close: {}", assembly.stage(), name, Thrown.said(thrown));
                    return Future.succeededFuture();
                });
    }
}
