package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stage; empty: {@code "discard"}. */
record TargetType() implements Type<Optional<String>> {
    static final String DISCARD = "discard";

    @Override
    public String noun() {
        return "the name of a stage, or \"discard\"";
    }

    @Override
    public ObjectNode schema() {
        return Refs.type("string");
    }

    @Override
    public @Nullable Optional<String> read(Cursor at, Check check) {
        if (at.json().isTextual() && at.json().textValue().equals(DISCARD)) {
            return Optional.empty();
        }
        return Types.read(Types.stage(), at, check).map(Optional::of).orElse(null);
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual();
    }
}
