package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** In which worker pool a step runs; empty: in none. */
record BlockingType() implements Type<Optional<String>> {
    static final String DEFAULT_POOL = "default";

    @Override
    public String noun() {
        return "true, false or the name of a worker pool";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("type").add("boolean").add("string");
        return schema;
    }

    @Override
    public @Nullable Optional<String> read(Cursor at, Check check) {
        if (at.json().isBoolean()) {
            return at.json().booleanValue() ? Optional.of(DEFAULT_POOL) : Optional.empty();
        }
        if (!at.json().isTextual()) {
            check.error(at, Words.shown(at.json()) + " is not " + noun() + ".", "Write " + noun() + ".");
            return null;
        }
        return Types.read(Types.workers(), at, check).map(Optional::of).orElse(null);
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isBoolean() || value.isTextual();
    }
}
