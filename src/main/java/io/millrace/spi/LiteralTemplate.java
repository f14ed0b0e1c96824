package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** A template in which nothing is evaluated. */
record LiteralTemplate(JsonNode source) implements Template {
    @Override
    public boolean isLiteral() {
        return true;
    }

    @Override
    public Set<String> variables() {
        return Set.of();
    }

    @Override
    public boolean readsInput() {
        return false;
    }

    @Override
    public JsonNode eval(JsonNode input, Variables variables) {
        return source;
    }
}
