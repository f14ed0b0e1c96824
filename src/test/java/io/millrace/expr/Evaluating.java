package io.millrace.expr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Expressions.BadExpression;
import io.millrace.spi.Variables;
import java.util.Map;

/** What tests of expressions share: JSON with all digits, and evaluation in one line. */
final class Evaluating {
    static final JqExpressions EXPRESSIONS = new JqExpressions();
    static final Variables VARIABLES = variables(Map.of(
            "env", "{\"HOME\":\"/root\",\"EMPTY\":\"\"}",
            "params", "{\"a\":1,\"list\":[1,2]}",
            "resources", "{\"shop\":{\"url\":\"http://localhost:1\"}}",
            "run", "{\"id\":7}",
            "meta", "{\"id\":\"m1\"}"));

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Evaluating() {}

    static Variables variables(Map<String, String> values) {
        return name -> values.containsKey(name) ? json(values.get(name)) : null;
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** All outputs as one compact JSON array. */
    static String all(String jq, String input) throws BadExpression {
        ArrayNode outputs = JsonNodeFactory.instance.arrayNode();
        EXPRESSIONS.jq(jq).all(json(input), VARIABLES).forEach(outputs::add);
        return Json.compact(outputs);
    }

    static String template(String template, String input) throws BadExpression {
        return Json.compact(EXPRESSIONS.template(json(template)).eval(json(input), VARIABLES));
    }
}
