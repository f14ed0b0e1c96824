package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object with any keys. */
record MapType<T>(Type<T> value) implements Type<Map<String, T>> {
    @Override
    public String noun() {
        return "an object, each value " + value.noun();
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = Types.schemaOf("object");
        schema.set("additionalProperties", value.schema());
        return perItem() ? schema : Schemas.orTemplate(schema);
    }

    @Override
    public boolean holdsSteps() {
        return value.holdsSteps();
    }

    @Override
    public boolean perItem() {
        return value.perItem();
    }

    @Override
    public @Nullable Map<String, T> read(Cursor at, Check check) {
        if (!at.json().isObject()) {
            check.error(
                    at, Types.shown(at.json()) + " is not an object.", "Write { … }, each value " + value.noun() + ".");
            return null;
        }
        Map<String, T> values = new LinkedHashMap<>();
        at.json()
                .fieldNames()
                .forEachRemaining(
                        name -> Types.read(value, at.child(name), check).ifPresent(read -> values.put(name, read)));
        return values.size() == at.json().size() ? Collections.unmodifiableMap(values) : null;
    }

    @Override
    public boolean accepts(JsonNode json) {
        return json.isObject();
    }
}
