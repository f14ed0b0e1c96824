package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A quantity written as text: a duration, size or rate. A plain number is tried as text too. */
record TextType<T>(String name, String forms, String pattern, Function<String, @Nullable T> parser) implements Type<T> {
    @Override
    public String noun() {
        return "a " + name + " such as " + forms;
    }

    @Override
    public ObjectNode schema() {
        return Types.schemaOf("string").put("pattern", pattern);
    }

    @Override
    public @Nullable T read(Cursor at, Check check) {
        JsonNode json = at.json();
        T value = json.isTextual() || json.isIntegralNumber() ? parser.apply(json.asText()) : null;
        if (value == null) {
            check.error(at, Types.shown(json) + " is not a " + name + ".", "Write " + forms + ".");
        }
        return value;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual() || value.isIntegralNumber();
    }
}
