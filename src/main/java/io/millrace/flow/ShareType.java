package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A share of the whole, such as {@code "20%"}; from 0 to 1. */
record ShareType() implements Type<Double> {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?) ?%");
    private static final double WHOLE = 100;

    @Override
    public String noun() {
        return "a share such as \"20%\"";
    }

    @Override
    public ObjectNode schema() {
        return Refs.type("string").put("pattern", "^\\d{1,3}(\\.\\d+)? ?%$|\\$\\{");
    }

    @Override
    public @Nullable Double read(Cursor at, Check check) {
        JsonNode json = at.json();
        Matcher share = PERCENT.matcher(json.isTextual() ? json.textValue() : "");
        if (share.matches() && Double.parseDouble(share.group(1)) <= WHOLE) {
            return Double.parseDouble(share.group(1)) / WHOLE;
        }
        check.error(at, Words.shown(json) + " is not " + noun() + ".", "Write " + noun() + ".");
        return null;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual();
    }
}
