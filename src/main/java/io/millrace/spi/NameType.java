package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The name of something that the flow declares. */
record NameType(Reference.To to, String kind) implements Type<String> {
    @Override
    public String noun() {
        String article = kind.startsWith("http") ? "an " : "a ";
        return "the name of " + article + (kind.isEmpty() ? "" : kind + " ") + to.noun();
    }

    @Override
    public Optional<Reference.To> names() {
        return Optional.of(to);
    }

    /** A function is steps that stand elsewhere. */
    @Override
    public boolean holdsSteps() {
        return to == Reference.To.FUNCTION;
    }

    @Override
    public ObjectNode schema() {
        return Types.schemaOf("string");
    }

    @Override
    public @Nullable String read(Cursor at, Check check) {
        if (!at.json().isTextual()) {
            check.error(at, Types.shown(at.json()) + " is not " + noun() + ".", "Write its name as a string.");
            return null;
        }
        String name = at.json().textValue();
        return check.reference(at, new Reference(to, kind, name)) ? name : null;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual();
    }
}
