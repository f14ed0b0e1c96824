package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import org.jspecify.annotations.Nullable;

/** {@code true}, {@code false}, or the name of the postgres resource that keeps the state. */
record DurableType() implements Type<JsonNode> {
    /** Whether a value of this type asks for it. */
    static boolean isOn(JsonNode durable) {
        return durable.isTextual() || durable.booleanValue();
    }

    @Override
    public String noun() {
        return "true, false or the name of a postgres resource";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("type").add("boolean").add("string");
        return schema;
    }

    @Override
    public @Nullable JsonNode read(Cursor at, Check check) {
        if (at.json().isBoolean()) {
            return at.json();
        }
        return Types.read(Types.resource("postgres"), at, check).isPresent() ? at.json() : null;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isBoolean() || value.isTextual();
    }
}
