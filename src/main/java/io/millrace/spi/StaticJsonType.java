package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Any JSON value; its templates are evaluated once, at start. */
record StaticJsonType() implements Type<JsonNode> {
    @Override
    public String noun() {
        return "a JSON value";
    }

    @Override
    public ObjectNode schema() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public boolean perItem() {
        return true;
    }

    @Override
    public @Nullable JsonNode read(Cursor at, Check check) {
        Template template = check.fixed(at);
        return template == null ? null : check.evaluate(at, template).orElse(null);
    }
}
