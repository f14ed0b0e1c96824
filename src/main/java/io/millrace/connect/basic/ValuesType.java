package io.millrace.connect.basic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import org.jspecify.annotations.Nullable;

/** A list of JSON values; templates in it, or the one that stands for all of it, are evaluated once, at start. */
record ValuesType() implements Type<JsonNode> {
    private static final Type<JsonNode> JSON = Types.json();

    @Override
    public String noun() {
        return "a list of JSON values";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        var either = schema.putArray("anyOf");
        either.addObject().put("type", "array");
        either.addObject().put("type", "string").put("pattern", "\\$\\{");
        return schema;
    }

    @Override
    public boolean perItem() {
        return true;
    }

    @Override
    public @Nullable JsonNode read(Cursor at, Check check) {
        JsonNode value = JSON.read(at, check);
        if (value == null || value.isArray()) {
            return value;
        }
        check.error(at, "The value is not a list.", "Write [ … ], each element a record.");
        return null;
    }
}
