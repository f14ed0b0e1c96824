package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Failure;
import java.util.Map;
import java.util.function.IntPredicate;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.operators.BinaryOperator;
import net.thisptr.jackson.jq.internal.operators.DivideOperator;
import net.thisptr.jackson.jq.internal.operators.MinusOperator;
import net.thisptr.jackson.jq.internal.operators.ModuloOperator;
import net.thisptr.jackson.jq.internal.operators.MultiplyOperator;
import net.thisptr.jackson.jq.internal.operators.PlusOperator;

/** Operators on two values: comparison by exact numbers; arithmetic is jackson-jq's. */
final class Operators {
    /** Characters that {@code "text" * n} may make. */
    static final int MAX_TEXT = 64 * 1024 * 1024;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final BinaryOperator MINUS = new MinusOperator();
    private static final BinaryOperator TIMES = new MultiplyOperator();

    private static final Map<String, Operator> BY_NAME = Map.ofEntries(
            comparison("==", order -> order == 0),
            comparison("!=", order -> order != 0),
            comparison("<", order -> order < 0),
            comparison("<=", order -> order <= 0),
            comparison(">", order -> order > 0),
            comparison(">=", order -> order >= 0),
            arithmetic("+", new PlusOperator()),
            arithmetic("/", new DivideOperator()),
            arithmetic("%", new ModuloOperator()),
            Map.entry("-", Operators::minus),
            Map.entry("*", Operators::times));

    private Operators() {}

    static Operator of(String name) {
        Operator operator = BY_NAME.get(name);
        if (operator == null) {
            throw new IllegalArgumentException(name);
        }
        return operator;
    }

    private static Map.Entry<String, Operator> comparison(String name, IntPredicate test) {
        return Map.entry(name, (left, right) -> BooleanNode.valueOf(test.test(Json.compare(left, right))));
    }

    private static Map.Entry<String, Operator> arithmetic(String name, BinaryOperator operator) {
        return Map.entry(name, (left, right) -> operator.apply(MAPPER, left, right));
    }

    private static JsonNode minus(JsonNode left, JsonNode right) throws JsonQueryException {
        if (!left.isArray() || !right.isArray()) {
            return MINUS.apply(MAPPER, left, right);
        }
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : left) {
            boolean taken = false;
            for (JsonNode other : right) {
                taken |= Json.compare(item, other) == 0;
            }
            if (!taken) {
                kept.add(item);
            }
        }
        return kept;
    }

    private static JsonNode times(JsonNode left, JsonNode right) throws JsonQueryException {
        JsonNode text = left.isTextual() ? left : right;
        JsonNode count = left.isTextual() ? right : left;
        if (text.isTextual() && count.isNumber() && text.textValue().length() * count.doubleValue() > MAX_TEXT) {
            throw Failure.of(Failure.Kind.LIMIT, "a text of more than " + MAX_TEXT + " characters");
        }
        return TIMES.apply(MAPPER, left, right);
    }

    interface Operator {
        JsonNode apply(JsonNode left, JsonNode right) throws JsonQueryException;
    }
}
