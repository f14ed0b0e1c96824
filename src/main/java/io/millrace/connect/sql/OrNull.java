package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import org.jspecify.annotations.Nullable;

/** Text, or null, which is read as empty text: {@code "uri": "${$env.DATABASE_URL // null}"}. */
record OrNull(Type<String> text) implements Type<String> {
    @Override
    public String noun() {
        return text.noun() + " or null";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("type").add("string").add("null");
        return schema;
    }

    @Override
    public @Nullable String read(Cursor at, Check check) {
        return at.json().isNull() ? "" : text.read(at, check);
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isNull() || text.accepts(value);
    }
}
