package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.AsyncResult;
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
            last = start(i, frame);
            if (!last.isComplete()) {
                int at = i;
                return last.transform(result -> goOn(frame, at, result));
            }
            if (last.failed()) {
                return failed(i, last.cause());
            }
            if (over(frame, i)) {
                return last;
            }
        }
        return last;
    }

    private Future<JsonNode> start(int at, ItemFrame frame) {
        return steps[at] instanceof Located located ? located.start(frame) : steps[at].run(frame);
    }

    private Future<JsonNode> failed(int at, Throwable thrown) {
        return steps[at] instanceof Located located ? located.failed(thrown) : Future.failedFuture(thrown);
    }

    private Future<JsonNode> goOn(ItemFrame frame, int at, AsyncResult<JsonNode> result) {
        if (result.failed()) {
            return failed(at, result.cause());
        }
        JsonNode value = result.result();
        return over(frame, at) ? Future.succeededFuture(value) : next(frame, at + 1, value);
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
