package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A bare jq filter. */
record JqType() implements Type<Jq> {
    @Override
    public String noun() {
        return "a jq filter such as .price > 10";
    }

    @Override
    public ObjectNode schema() {
        return Types.schemaOf("string");
    }

    @Override
    public boolean perItem() {
        return true;
    }

    @Override
    public @Nullable Jq read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isBoolean()) {
            return check.jq(at, json.asText());
        }
        if (!json.isTextual()) {
            check.error(at, Types.shown(json) + " is not a jq filter.", "Write the filter as a string.");
            return null;
        }
        return check.jq(at, json.textValue());
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual();
    }
}
