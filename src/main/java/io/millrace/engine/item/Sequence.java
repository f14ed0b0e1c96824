package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.util.List;

/**
 * Steps, one after another; the value is the last one's. Where every step is done at once, nothing is scheduled and no future is
 * made.
 */
public final class Sequence implements Step {
    static final Future<JsonNode> NOTHING = Future.succeededFuture(NullNode.getInstance());

    private final Step[] steps;

    Sequence(List<Step> steps) {
        this.steps = steps.toArray(Step[]::new);
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        return run((ItemFrame) frame, 0);
    }

    /** Whether there is nothing to run. */
    public boolean isEmpty() {
        return steps.length == 0;
    }

    /** Runs the steps from an index on. */
    public Future<JsonNode> run(ItemFrame frame, int from) {
        Future<JsonNode> last = NOTHING;
        for (int i = from; i < steps.length; i++) {
            last = steps[i].run(frame);
            if (!last.isComplete()) {
                int at = i;
                return last.compose(
                        value -> over(frame, at) ? Future.succeededFuture(value) : next(frame, at + 1, value));
            }
            if (last.failed() || over(frame, i)) {
                return last;
            }
        }
        return last;
    }

    private Future<JsonNode> next(ItemFrame frame, int from, JsonNode value) {
        ItemScope scope = frame.scopeIfAny();
        Failure reason = scope == null ? null : scope.reason();
        if (reason != null) {
            return Future.failedFuture(reason);
        }
        return from == steps.length ? Future.succeededFuture(value) : run(frame, from);
    }

    private static boolean over(ItemFrame frame, int at) {
        if (frame.halted()) {
            frame.cutAt(at);
            return true;
        }
        return false;
    }
}
