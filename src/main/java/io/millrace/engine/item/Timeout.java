package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.queue.Loop;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Cancels a step that takes too long, waits for its clean-up, then fails with TIMEOUT, which says what the step was doing. */
record Timeout(Step step, Function<Frame, Duration> limit, Late late) implements Step {
    /** What is told of it. */
    @FunctionalInterface
    interface Late {
        /** @param doing what the step was doing, a phrase; empty if nobody said */
        Failure after(Duration limit, String doing);
    }

    Timeout(Step step, Function<Frame, Duration> limit, String label) {
        this(step, limit, (after, doing) -> tookLonger(label, after, doing));
    }

    private static Failure tookLonger(String label, Duration after, String doing) {
        return Failure.of(
                Failure.Kind.TIMEOUT,
                "`" + label + "` took longer than " + after.toMillis() + " ms"
                        + (doing.isEmpty() ? "." : ": it was " + doing + "."));
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        Duration after;
        try {
            after = limit.apply(frame);
        } catch (Failure wrong) {
            return Future.failedFuture(wrong);
        }
        return new Attempt((ItemFrame) frame, after).start();
    }

    private final class Attempt {
        private final ItemFrame frame;
        private final ItemFrame inner;
        private final ItemScope scope;
        private final Duration after;
        private final Promise<JsonNode> done = Promise.promise();
        private final Loop.Timer timer;
        private Loop.@Nullable Timer bound;
        private @Nullable Failure reason;

        Attempt(ItemFrame frame, Duration after) {
            this.frame = frame;
            this.scope = frame.scope().child();
            this.inner = frame.attempt(scope);
            this.after = after;
            this.timer = frame.context().loop().after(after, this::fire);
        }

        Future<JsonNode> start() {
            Future<JsonNode> result;
            try {
                result = step.run(inner);
            } catch (RuntimeException thrown) {
                result = Future.failedFuture(thrown);
            }
            result.onComplete(this::finish);
            return done.future();
        }

        private void fire() {
            Failure why = late.after(after, scope.doing());
            reason = why;
            bound = frame.context().loop().after(ItemScope.CLEAN_UP, () -> done.tryFail(why));
            scope.cancel(why);
        }

        /** The timeout, and what has failed while it was cleaned up after it. */
        private static Failure with(Failure why, AsyncResult<JsonNode> result) {
            return result.cause() instanceof Failure ended && !ended.errors().isEmpty()
                    ? why.withErrors(ended.errors())
                    : why;
        }

        private void finish(AsyncResult<JsonNode> result) {
            timer.cancel();
            scope.close();
            Failure why = reason;
            if (bound != null && why != null) {
                bound.cancel();
                done.tryFail(with(why, result));
            } else if (result.failed()) {
                done.tryFail(result.cause());
            } else {
                frame.adopt(inner);
                done.tryComplete(result.result());
            }
        }
    }
}
