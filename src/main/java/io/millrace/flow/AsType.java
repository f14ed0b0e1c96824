package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import org.jspecify.annotations.Nullable;

/** Where a step's value goes. */
record AsType() implements Type<Modifiers.As> {
    @Override
    public String noun() {
        return "the name of a field, \".\" or null";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("type").add("string").add("null");
        return schema.put("minLength", 1);
    }

    @Override
    public Modifiers.@Nullable As read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isNull()) {
            return new Modifiers.As.Nowhere();
        }
        if (!json.isTextual() || json.textValue().isEmpty()) {
            check.error(at, Words.shown(json) + " is not " + noun() + ".", "Write a name in double quotes.");
            return null;
        }
        return json.textValue().equals(".")
                ? new Modifiers.As.Document()
                : new Modifiers.As.FieldNamed(json.textValue());
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual() || value.isNull();
    }
}
