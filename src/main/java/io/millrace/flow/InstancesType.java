package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import org.jspecify.annotations.Nullable;

/** How many verticles; {@link #AUTO} for one per core. */
record InstancesType() implements Type<Integer> {
    static final int AUTO = 0;
    private static final int MAX = 1000;

    @Override
    public String noun() {
        return "a whole number from 1 to " + MAX + ", or \"auto\"";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("anyOf")
                .add(Refs.type("integer").put("minimum", 1).put("maximum", MAX))
                .add(JsonNodeFactory.instance.objectNode().put("const", "auto"))
                .add(Refs.type("string").put("pattern", "\\$\\{"));
        return schema;
    }

    @Override
    public @Nullable Integer read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isTextual() && json.textValue().equals("auto")) {
            return AUTO;
        }
        if (json.isIntegralNumber() && json.canConvertToInt() && json.intValue() >= 1 && json.intValue() <= MAX) {
            return json.intValue();
        }
        check.error(at, Words.shown(json) + " is not " + noun() + ".", "Write " + noun() + ".");
        return null;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isNumber() || value.isTextual();
    }
}
