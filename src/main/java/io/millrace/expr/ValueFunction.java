package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/** A function of its input and of the values of its arguments: one output for each combination of those. */
record ValueFunction(Body body) implements Function {
    @Override
    public void apply(
            Scope scope, List<Expression> args, JsonNode in, @Nullable Path path, PathOutput output, Version version)
            throws JsonQueryException {
        if (args.isEmpty()) {
            output.emit(body.apply(in, List.of()), null);
        } else if (args.size() == 1) {
            args.get(0).apply(scope, in, null, (arg, at) -> output.emit(body.apply(in, List.of(arg)), null), false);
        } else {
            each(scope, args, in, new JsonNode[args.size()], 0, output);
        }
    }

    private void each(Scope scope, List<Expression> args, JsonNode in, JsonNode[] values, int i, PathOutput output)
            throws JsonQueryException {
        if (i == values.length) {
            output.emit(body.apply(in, List.of(values)), null);
            return;
        }
        args.get(i)
                .apply(
                        scope,
                        in,
                        null,
                        (value, at) -> {
                            values[i] = value;
                            each(scope, args, in, values, i + 1, output);
                        },
                        false);
    }

    interface Body {
        JsonNode apply(JsonNode input, List<JsonNode> args) throws JsonQueryException;
    }
}
