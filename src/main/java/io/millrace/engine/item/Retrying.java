package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.flow.Retry;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Tries a step again: each attempt starts from the document before it. */
record Retrying(Step step, Retry retry) implements Step {
    @Override
    public Future<JsonNode> run(Frame frame) {
        ItemFrame outer = (ItemFrame) frame;
        return attempt(outer, 1, outer.context().loop().nanoTime());
    }

    private Future<JsonNode> attempt(ItemFrame frame, int number, long startedAt) {
        ItemFrame inner = frame.attempt(frame.scope());
        return step.run(inner)
                .map(value -> {
                    frame.adopt(inner);
                    return value;
                })
                .recover(thrown -> again(frame, number, startedAt, thrown));
    }

    private Future<JsonNode> again(ItemFrame frame, int number, long startedAt, Throwable thrown) {
        if (thrown instanceof Decided) {
            return Future.failedFuture(thrown);
        }
        Failure failure = Failure.from(thrown);
        Duration spent = Duration.ofNanos(frame.context().loop().nanoTime() - startedAt);
        Optional<Duration> wait = frame.scope().cancelled() ? Optional.empty() : delay(retry, failure, number, spent);
        return wait.map(time -> frame.scope().sleep(time).compose(awake -> attempt(frame, number + 1, startedAt)))
                .orElseGet(() -> Future.failedFuture(failure.withAttempts(number)));
    }

    /**
     * How long to wait before the next attempt; empty if there is none. Exponential back-off with full jitter: a random time up to
     * {@code backoff × 2^(n−1)}, at most {@code maxBackoff} (Brooker, "Exponential Backoff And Jitter", AWS, 2015); never shorter than the other
     * side asked for, within the same bound.
     */
    static Optional<Duration> delay(Retry retry, Failure failure, int attempts, Duration spent) {
        if (attempts >= retry.attempts() || !retry.covers(failure)) {
            return Optional.empty();
        }
        long max = retry.maxBackoff().toMillis();
        long bound = Math.min(max, retry.backoff().toMillis() << Math.min(attempts - 1, 20));
        long jittered = ThreadLocalRandom.current().nextLong(Math.max(0, bound) + 1);
        Duration wait = Duration.ofMillis(Math.max(jittered, Math.min(max, failure.retryAfterMs())));
        boolean late = retry.total().isPresent()
                && spent.plus(wait).compareTo(retry.total().get()) > 0;
        return late ? Optional.empty() : Optional.of(wait);
    }
}
