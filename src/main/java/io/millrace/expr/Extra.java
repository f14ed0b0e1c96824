package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Variables;
import java.util.List;

/**
 * A function that is added to jq. It is called once for each combination of its arguments' values; a {@link io.millrace.spi.Failure}
 * that it throws ends the evaluation, {@code try} does not catch it.
 *
 * @param name what it is called in an expression
 * @param arity how many arguments it takes
 */
public record Extra(String name, int arity, Body body) {
    /** What it does: input, arguments, and the variables of the evaluation. */
    @FunctionalInterface
    public interface Body {
        JsonNode apply(JsonNode input, List<JsonNode> arguments, Variables variables);
    }
}
