package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Failure;
import io.millrace.spi.Type;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class of failures that is worth another attempt: a kind, a status or a class of statuses. */
record ConditionType() implements Type<Retry.Condition> {
    /** What is cancelled is wanted by no one: it is never tried again. */
    private static final List<String> KINDS = Arrays.stream(Failure.Kind.values())
            .filter(kind -> kind != Failure.Kind.CANCELLED)
            .map(Enum::name)
            .toList();

    @Override
    public String noun() {
        return "a kind such as \"TIMEOUT\", a status such as 429, or a class such as \"5xx\"";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode kinds = JsonNodeFactory.instance.objectNode();
        ArrayNode words = kinds.putArray("enum");
        KINDS.forEach(words::add);
        List.of("4xx", "5xx").forEach(words::add);
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("anyOf")
                .add(kinds)
                .add(Refs.type("integer").put("minimum", 100).put("maximum", 599))
                .add(Refs.type("string").put("pattern", "^[1-5]xx$|\\$\\{"));
        return schema;
    }

    @Override
    public Retry.@Nullable Condition read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isInt() && json.intValue() >= 100 && json.intValue() <= 599) {
            return new Retry.Condition.OfStatus(json.intValue(), json.intValue());
        }
        String text = json.isTextual() ? json.textValue() : "";
        if (KINDS.contains(text)) {
            return new Retry.Condition.OfKind(Failure.Kind.valueOf(text));
        }
        if (text.matches("[1-5]xx")) {
            int hundred = (text.charAt(0) - '0') * 100;
            return new Retry.Condition.OfStatus(hundred, hundred + 99);
        }
        if (text.isEmpty()) {
            check.error(at, Words.shown(json) + " is no class of failures.", "Write " + noun() + ".");
        } else {
            check.unknown(at, "class of failures", text, KINDS);
        }
        return null;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isInt() || value.isTextual();
    }
}
