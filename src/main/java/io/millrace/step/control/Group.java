package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Branches that are all wanted: each gives a value, and the values stand in the order of the branches. */
abstract class Group extends Branching {
    private final Errors errors;
    private final JsonNode[] values;
    private final List<Failure> others = new ArrayList<>();
    private final BitSet failed = new BitSet();
    private @Nullable Throwable first;

    Group(Frame frame, int count, int concurrency, Errors errors) {
        super(frame, count, concurrency);
        this.errors = errors;
        this.values = new JsonNode[count];
        Arrays.fill(values, MissingNode.getInstance());
    }

    /** The step's value of those of its branches; a branch that was ended has none. */
    abstract JsonNode result(JsonNode[] of);

    @Override
    final void ended(int branch, AsyncResult<JsonNode> result) {
        if (result.succeeded()) {
            values[branch] = branch(branch).ended() ? MissingNode.getInstance() : result.result();
        } else if (isValue(result.cause())) {
            values[branch] = ((Failure) result.cause()).toErrorValue();
            failed.set(branch);
        } else {
            failed(result.cause());
        }
    }

    /** What is no {@link Failure} is a decision about the whole item, such as {@code "onError": "drop"}. */
    private boolean isValue(Throwable thrown) {
        return errors == Errors.RETURN && first == null && thrown instanceof Failure && !cancelled();
    }

    private void failed(Throwable thrown) {
        if (first == null) {
            first = thrown;
            stop("cancelled, since another branch has failed");
        } else if (thrown instanceof Failure failure) {
            boolean ended = cancelled() || failure.kind() == Failure.Kind.CANCELLED;
            others.addAll(ended ? failure.errors() : List.of(failure));
        }
    }

    @Override
    final Future<JsonNode> outcome() {
        if (first != null) {
            return Future.failedFuture(withOthers(first));
        }
        for (int i = 0; i < values.length; i++) {
            if (!failed.get(i)) {
                frame.join(branch(i));
            }
        }
        return Future.succeededFuture(result(values));
    }

    private Throwable withOthers(Throwable thrown) {
        if (others.isEmpty() || !(thrown instanceof Failure failure)) {
            return thrown;
        }
        List<Failure> all = new ArrayList<>(failure.errors());
        all.addAll(others);
        return failure.withErrors(all);
    }
}
