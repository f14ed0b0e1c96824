package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.flow.Retry;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

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
        Optional<Duration> wait =
                frame.scope().cancelled() ? Optional.empty() : Retries.delay(retry, failure, number, spent);
        return wait.map(time -> frame.scope().sleep(time).compose(awake -> attempt(frame, number + 1, startedAt)))
                .orElseGet(() -> Future.failedFuture(failure.withAttempts(number)));
    }
}
