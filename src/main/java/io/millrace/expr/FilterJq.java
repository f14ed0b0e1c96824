package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Jq;
import io.millrace.spi.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Output;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.exception.JsonQueryUserException;
import org.jspecify.annotations.Nullable;

/** A filter of any kind. It runs in the library's own scope, which nothing writes to: an evaluation makes none of its own. */
final class FilterJq implements Jq {
    private final Shape shape;
    private final Expression expression;
    private final Scope root;
    private final boolean needsContext;

    FilterJq(Shape shape, Expression expression, Scope root, boolean needsContext) {
        this.shape = shape;
        this.expression = expression;
        this.root = root;
        this.needsContext = needsContext;
    }

    @Override
    public String source() {
        return shape.source();
    }

    @Override
    public Set<String> variables() {
        return shape.variables();
    }

    @Override
    public boolean readsInput() {
        return shape.readsInput();
    }

    @Override
    public List<JsonNode> all(JsonNode input, Variables variables) {
        Many outputs = new Many();
        evaluate(input, variables, outputs);
        return outputs.values == null ? List.of() : outputs.values;
    }

    @Override
    public JsonNode one(JsonNode input, Variables variables) {
        One output = new One();
        evaluate(input, variables, output);
        if (output.count == 0) {
            throw shape.failure(Failure.Kind.BAD_DATA, " has no output");
        }
        return output.value;
    }

    @Override
    public boolean test(JsonNode input, Variables variables) {
        One output = new One();
        output.firstOnly = true;
        evaluate(input, variables, output);
        return output.count > 0 && Json.isTrue(output.value);
    }

    private void evaluate(JsonNode input, Variables variables, Output output) {
        try {
            JsonNode in = input.isMissingNode() ? NullNode.getInstance() : input;
            if (needsContext) {
                Evaluation.current().with(variables, () -> expression.apply(root, in, null, output, false));
            } else {
                expression.apply(root, in, null, output, false);
            }
        } catch (Failing.Leave enough) {
            // Only One leaves this far: it has what it wants.
            return;
        } catch (JsonQueryException e) {
            if (output instanceof One one && one.firstOnly && one.count > 0) {
                return;
            }
            throw shape.badData(message(e));
        } catch (StackOverflowError e) {
            throw shape.failure(Failure.Kind.LIMIT, ": recursion too deep");
        } catch (Failure e) {
            throw e.kind() == Failure.Kind.LIMIT && !e.message().startsWith("`")
                    ? shape.failure(e.kind(), ": " + e.message())
                    : e;
        } catch (RuntimeException e) {
            throw shape.badData(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    private static String message(JsonQueryException e) {
        if (e instanceof JsonQueryUserException) {
            JsonNode value = e.getMessageAsJsonNode();
            return value == null || value.isNull() ? "null (null) not a string" : Json.text(value);
        }
        return String.valueOf(e.getOriginalMessage());
    }

    private static final class Many implements Output {
        private @Nullable List<JsonNode> values;

        @Override
        public void emit(JsonNode value) {
            if (values == null) {
                values = new ArrayList<>(4);
            }
            if (values.size() == JqExpressions.MAX_OUTPUTS) {
                throw Failure.of(Failure.Kind.LIMIT, "more than " + JqExpressions.MAX_OUTPUTS + " outputs");
            }
            values.add(value);
        }
    }

    private final class One implements Output {
        private JsonNode value = MissingNode.getInstance();
        private int count;
        private boolean firstOnly;

        @Override
        public void emit(JsonNode output) throws JsonQueryException {
            count++;
            if (count == 1) {
                value = output;
            } else if (firstOnly) {
                throw new Failing.Leave(this);
            } else {
                throw shape.failure(
                        Failure.Kind.BAD_DATA, " has several outputs. Wrap it in `[ ]` for a list, or take `first(…)`");
            }
        }
    }
}
