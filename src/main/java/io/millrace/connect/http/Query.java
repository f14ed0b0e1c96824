package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Parameters of a URL or a form. */
final class Query {
    /** How a blank is written: forms and URLs differ. */
    enum Spaces {
        PLUS,
        PERCENT
    }

    private Query() {}

    /** {@code a=1&b=x&b=y}: a list repeats its name, a null is left out, an object is written as JSON. */
    static String encode(ObjectNode parameters, Spaces spaces) {
        StringBuilder out = new StringBuilder();
        parameters.properties().forEach(entry -> {
            if (entry.getValue().isArray()) {
                entry.getValue().forEach(value -> append(entry.getKey(), value, spaces, out));
            } else {
                append(entry.getKey(), entry.getValue(), spaces, out);
            }
        });
        return out.toString();
    }

    private static void append(String name, JsonNode value, Spaces spaces, StringBuilder out) {
        if (value.isNull()) {
            return;
        }
        out.append(out.length() == 0 ? "" : "&").append(encoded(name, spaces)).append('=');
        out.append(encoded(value.isContainerNode() ? value.toString() : value.asText(), spaces));
    }

    private static String encoded(String text, Spaces spaces) {
        String form = URLEncoder.encode(text, StandardCharsets.UTF_8);
        return spaces == Spaces.PLUS ? form : form.replace("+", "%20");
    }
}
