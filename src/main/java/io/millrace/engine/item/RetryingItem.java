package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.flow.Retry;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * One attempt of an item at the steps of its stage. It ends where the time for all attempts does; a failure that is worth another one becomes
 * {@link Again}, with which the stage lets the item wait without a slot.
 */
record RetryingItem(Step steps, Retry retry, String label) implements Step {
    @Override
    public Future<JsonNode> run(Frame frame) {
        ItemFrame attempt = (ItemFrame) frame;
        Future<JsonNode> result = bounded(attempt);
        return result.isComplete() && !result.failed()
                ? result
                : result.recover(thrown -> Future.failedFuture(decide(attempt, thrown)));
    }

    private Future<JsonNode> bounded(ItemFrame attempt) {
        if (retry.total().isEmpty()) {
            return steps.run(attempt);
        }
        Item item = attempt.item();
        Duration left = retry.total().get().minus(spent(attempt));
        Failure last = item.lastFailure();
        if (last != null && (left.isZero() || left.isNegative())) {
            return Future.failedFuture(last); // what waited for a slot came too late
        }
        Timeout.Late late = (after, doing) -> Retries.pastTotal(label, retry, item.attempts(), doing, last);
        return new Timeout(steps, any -> left, late).run(attempt);
    }

    private Throwable decide(ItemFrame attempt, Throwable thrown) {
        if (thrown instanceof Decided || attempt.scope().cancelled()) {
            return thrown;
        }
        Item item = attempt.item();
        Failure failure = Failure.from(thrown);
        Retries.Next next = Retries.next(
                retry,
                failure,
                item.attempts(),
                spent(attempt),
                attempt.context().loop().random());
        if (next.pause().isEmpty()) {
            return next.failure();
        }
        item.failed(failure);
        return new Again(failure, next.pause().get());
    }

    private static Duration spent(ItemFrame attempt) {
        return attempt.item().age(attempt.context().loop().nanoTime());
    }
}
