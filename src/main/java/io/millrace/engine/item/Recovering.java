package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.flow.OnError;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the failure of a step.
 *
 * @param onDocument whether the step acts on the document itself: then its stand-in does too; else it runs on a copy and gives a value
 * @param stand the catch steps, compiled, where {@code onError} has some
 */
record Recovering(Step step, OnError onError, Optional<Step> stand, boolean onDocument) implements Step {
    private static final String ERROR = "error";

    @Override
    public Future<JsonNode> run(Frame frame) {
        ItemFrame outer = (ItemFrame) frame;
        ItemFrame inner = outer.attempt(outer.scope());
        Future<JsonNode> result = step.run(inner);
        if (result.isComplete() && !result.failed()) {
            outer.adopt(inner);
            return result;
        }
        return result.map(value -> {
                    outer.adopt(inner);
                    return value;
                })
                .recover(thrown -> decide(outer, inner, thrown));
    }

    private Future<JsonNode> decide(ItemFrame outer, ItemFrame inner, Throwable thrown) {
        Failure cancelled = outer.scope().reason();
        if (thrown instanceof Decided || thrown instanceof Again || cancelled != null) {
            return Future.failedFuture(thrown);
        }
        Failure failure = Failure.from(thrown);
        if (onError instanceof OnError.Ignore) {
            return Sequence.NOTHING;
        }
        return stand.map(steps -> standIn(outer, inner, steps, failure))
                .orElseGet(() -> Future.failedFuture(new Decided(onError, failure)));
    }

    private Future<JsonNode> standIn(ItemFrame outer, ItemFrame inner, Step steps, Failure failure) {
        ItemFrame copy = (onDocument ? inner : outer).attempt(outer.scope());
        JsonNode before = copy.document().get(ERROR);
        JsonNode error = failure.toJson();
        copy.put(ERROR, error);
        return steps.run(copy).map(value -> {
            if (onDocument || copy.halted()) {
                restore(copy, error, before);
                outer.adopt(copy);
            } else {
                copy.emissions().forEach(emission -> outer.emit(emission.stage(), emission.document()));
            }
            return value;
        });
    }

    /** Takes {@code .error} away again, but not one that the catch steps have set themselves. */
    private static void restore(ItemFrame frame, JsonNode error, @Nullable JsonNode before) {
        if (frame.document().get(ERROR) != error) {
            return;
        }
        if (before == null) {
            frame.remove(ERROR);
        } else {
            frame.put(ERROR, before);
        }
    }
}
