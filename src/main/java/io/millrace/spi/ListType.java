package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of values of one type. */
record ListType<T>(Type<T> element) implements Type<List<T>> {
    @Override
    public String noun() {
        return "a list, each element " + element.noun();
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = Types.schemaOf("array");
        schema.set("items", element.schema());
        return perItem() ? schema : Schemas.orTemplate(schema);
    }

    @Override
    public boolean holdsSteps() {
        return element.holdsSteps();
    }

    @Override
    public boolean perItem() {
        return element.perItem();
    }

    @Override
    public @Nullable List<T> read(Cursor at, Check check) {
        if (!at.json().isArray()) {
            check.error(
                    at,
                    Types.shown(at.json()) + " is not a list.",
                    "Write [ … ], each element " + element.noun() + ".");
            return null;
        }
        List<T> values = new ArrayList<>();
        for (int i = 0; i < at.json().size(); i++) {
            Types.read(element, at.child(i), check).ifPresent(values::add);
        }
        return values.size() == at.json().size() ? List.copyOf(values) : null;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isArray();
    }
}
