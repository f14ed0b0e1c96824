package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.flow.Retry;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tries a step again: each attempt starts from the document before it, and ends where the time for all of them does. */
record Retrying(Step step, Retry retry, String label) implements Step {
    @Override
    public Future<JsonNode> run(Frame frame) {
        ItemFrame outer = (ItemFrame) frame;
        return attempt(outer, 1, outer.context().loop().nanoTime(), null);
    }

    private Future<JsonNode> attempt(ItemFrame frame, int number, long startedAt, @Nullable Failure last) {
        ItemFrame inner = frame.attempt(frame.scope());
        return bounded(frame, number, startedAt, last)
                .run(inner)
                .map(value -> {
                    frame.adopt(inner);
                    return value;
                })
                .recover(thrown -> again(frame, number, startedAt, thrown));
    }

    private Step bounded(ItemFrame frame, int number, long startedAt, @Nullable Failure last) {
        return retry.total()
                .<Step>map(total -> new Timeout(
                        step,
                        any -> total.minus(spent(frame, startedAt)),
                        (after, doing) -> Retries.pastTotal(label, retry, number, doing, last)))
                .orElse(step);
    }

    private static Duration spent(ItemFrame frame, long startedAt) {
        return Duration.ofNanos(frame.context().loop().nanoTime() - startedAt);
    }

    private Future<JsonNode> again(ItemFrame frame, int number, long startedAt, Throwable thrown) {
        if (thrown instanceof Decided) {
            return Future.failedFuture(thrown);
        }
        Failure failure = Failure.from(thrown);
        Retries.Next next = frame.scope().cancelled()
                ? new Retries.Next(Optional.empty(), failure)
                : Retries.next(
                        retry,
                        failure,
                        number,
                        spent(frame, startedAt),
                        frame.context().loop().random());
        return next.pause()
                .map(time -> frame.scope()
                        .sleep(time, () -> Retries.waiting(time, number + 1, failure))
                        .compose(awake -> attempt(frame, number + 1, startedAt, failure)))
                .orElseGet(() -> Future.failedFuture(next.failure().withAttempts(number)));
    }
}
