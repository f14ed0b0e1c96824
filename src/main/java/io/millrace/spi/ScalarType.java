package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A JSON scalar of one type. */
record ScalarType<T>(String noun, String schemaType, Predicate<JsonNode> is, Function<JsonNode, T> get)
        implements Type<T> {
    @Override
    public ObjectNode schema() {
        ObjectNode schema = Types.schemaOf(schemaType);
        return schemaType.equals("string") ? schema : Schemas.orTemplate(schema);
    }

    @Override
    public @Nullable T read(Cursor at, Check check) {
        if (!is.test(at.json())) {
            check.error(at, Types.shown(at.json()) + " is not " + noun + ".", "Write " + noun + ".");
            return null;
        }
        return get.apply(at.json());
    }

    @Override
    public boolean accepts(JsonNode value) {
        return is.test(value);
    }
}
