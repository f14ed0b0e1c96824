package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A list of steps. */
record StepsType(Block.Filter filter) implements Type<Block> {
    @Override
    public String noun() {
        return "a list of steps";
    }

    @Override
    public ObjectNode schema() {
        return Schemas.ref("steps");
    }

    @Override
    public boolean holdsSteps() {
        return true;
    }

    @Override
    public boolean perItem() {
        return true;
    }

    @Override
    public @Nullable Block read(Cursor at, Check check) {
        return check.steps(at, filter);
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isArray();
    }
}
