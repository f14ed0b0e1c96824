package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How much may go wrong: a number, or a share of the items such as {@code "5%"}. */
record FailuresType() implements Type<FailuresType.Bound> {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?) ?%");

    /** One of the two. */
    record Bound(OptionalLong count, OptionalDouble percent) {}

    @Override
    public String noun() {
        return "a whole number or a share such as \"5%\"";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("anyOf")
                .add(Refs.type("integer").put("minimum", 0))
                .add(Refs.type("string").put("pattern", "^\\d{1,3}(\\.\\d+)? ?%$|\\$\\{"));
        return schema;
    }

    @Override
    public @Nullable Bound read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isIntegralNumber() && json.canConvertToLong() && json.longValue() >= 0) {
            return new Bound(OptionalLong.of(json.longValue()), OptionalDouble.empty());
        }
        Matcher share = PERCENT.matcher(json.isTextual() ? json.textValue() : "");
        if (share.matches() && Double.parseDouble(share.group(1)) <= 100) {
            return new Bound(OptionalLong.empty(), OptionalDouble.of(Double.parseDouble(share.group(1))));
        }
        check.error(at, Words.shown(json) + " is not " + noun() + ".", "Write " + noun() + ".");
        return null;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isNumber() || value.isTextual();
    }
}
