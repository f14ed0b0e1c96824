package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Jq;
import io.millrace.spi.Variables;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jspecify.annotations.Nullable;

/**
 * The filters that flows are full of, without an interpreter: a constant, or a path of names over the input or over a variable. Means
 * exactly what {@link FilterJq} would.
 */
final class QuickJq implements Jq {
    private final Shape shape;
    private final @Nullable JsonNode constant;
    private final @Nullable String variable;
    private final String[] names;

    private QuickJq(Shape shape, @Nullable JsonNode constant, @Nullable String variable, List<String> names) {
        this.shape = shape;
        this.constant = constant;
        this.variable = variable;
        this.names = names.toArray(String[]::new);
    }

    /** The variables of a filter that can be quick; empty if it cannot. */
    static Optional<Set<String>> variables(Ast ast) {
        Ast start = ast;
        while (start instanceof Ast.Index index
                && index.key() instanceof Ast.Literal key
                && key.value().isTextual()) {
            start = index.target();
        }
        if (start instanceof Ast.Variable variable) {
            return Optional.of(Set.of(variable.name()));
        }
        return ast instanceof Ast.Literal || start instanceof Ast.Identity ? Optional.of(Set.of()) : Optional.empty();
    }

    static @Nullable Jq of(Ast ast, Shape shape) {
        if (ast instanceof Ast.Literal literal) {
            return new QuickJq(shape, literal.value(), null, List.of());
        }
        Deque<String> names = new ArrayDeque<>();
        Ast start = ast;
        while (start instanceof Ast.Index index
                && index.key() instanceof Ast.Literal key
                && key.value().isTextual()) {
            names.addFirst(key.value().textValue());
            start = index.target();
        }
        if (start instanceof Ast.Identity) {
            return new QuickJq(shape, null, null, List.copyOf(names));
        }
        return start instanceof Ast.Variable variable
                ? new QuickJq(shape, null, variable.name(), List.copyOf(names))
                : null;
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
        return List.of(one(input, variables));
    }

    @Override
    public boolean test(JsonNode input, Variables variables) {
        return Json.isTrue(one(input, variables));
    }

    @Override
    public JsonNode one(JsonNode input, Variables variables) {
        if (constant != null) {
            return constant;
        }
        JsonNode value = start(input, variables);
        for (String name : names) {
            JsonNode field = value.get(name);
            value = field != null ? field : absent(value, name);
        }
        return value;
    }

    private JsonNode start(JsonNode input, Variables variables) {
        if (variable == null) {
            return input.isMissingNode() ? NullNode.getInstance() : input;
        }
        JsonNode value = variables.variable(variable);
        if (value == null) {
            throw shape.badData("`$" + variable + "` has no value here");
        }
        return value;
    }

    private JsonNode absent(JsonNode value, String name) {
        try {
            JsonNode field = Filters.Field.of(value, name);
            if (field.isNull() && "env".equals(variable) && name.equals(names[0])) {
                throw shape.badData(Filters.Environment.unset(name));
            }
            return field;
        } catch (JsonQueryException e) {
            throw shape.badData(String.valueOf(e.getOriginalMessage()));
        }
    }
}
