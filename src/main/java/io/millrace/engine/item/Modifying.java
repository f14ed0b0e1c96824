package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.flow.Modifiers;
import io.millrace.flow.Modifiers.As;
import io.millrace.spi.Jq;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The small modifiers: each wraps a step in another. */
final class Modifying {
    private Modifying() {}

    /** Runs the step in a worker pool. */
    static Step blocking(Step step, String pool) {
        return frame -> frame.scope().blocking(pool, () -> step.run(frame)).compose(result -> result);
    }

    static Step when(Step step, Jq condition) {
        return frame -> condition.test(frame) ? step.run(frame) : Sequence.NOTHING;
    }

    /** Stores the value where the flow says. */
    static Step storing(Step step, As as) {
        BiConsumer<ItemFrame, JsonNode> store = storing(as);
        return frame -> {
            Future<JsonNode> result = step.run(frame);
            if (!result.isComplete()) {
                return result.map(value -> {
                    store.accept((ItemFrame) frame, value);
                    return value;
                });
            }
            if (!result.failed()) {
                store.accept((ItemFrame) frame, result.result());
            }
            return result;
        };
    }

    private static BiConsumer<ItemFrame, JsonNode> storing(As as) {
        if (as instanceof As.FieldNamed named) {
            return (frame, value) -> frame.put(named.field(), value);
        }
        return as instanceof As.Document ? ItemFrame::replace : (frame, value) -> {};
    }

    /** Where the value of a step goes; empty: nowhere. */
    static Optional<As> target(Modifiers modifiers, io.millrace.spi.Spec spec) {
        return switch (spec.result()) {
            case VALUE -> Optional.of(modifiers.as().orElseGet(() -> new As.FieldNamed(spec.name())));
            case BLOCK -> modifiers.as();
            case NOTHING -> Optional.empty();
        };
    }
}
