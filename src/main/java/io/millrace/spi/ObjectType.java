package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An object with the fields of a spec. */
record ObjectType(Spec spec) implements Type<Settings> {
    @Override
    public String noun() {
        return "an object (" + spec.summary() + ")";
    }

    @Override
    public ObjectNode schema() {
        return SpecSchema.settings(spec);
    }

    @Override
    public boolean holdsSteps() {
        return spec.holdsSteps();
    }

    @Override
    public boolean perItem() {
        return true;
    }

    @Override
    public @Nullable Settings read(Cursor at, Check check) {
        return check.settings(at, spec);
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isObject();
    }
}
