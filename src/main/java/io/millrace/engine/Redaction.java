package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;

/** Takes the values of secret parameters out of what people and files get to see. */
record Redaction(Set<String> secrets) {
    private static final String HIDDEN = "***";

    Redaction {
        secrets = Set.copyOf(secrets);
    }

    String of(String text) {
        String shown = text;
        for (String secret : secrets) {
            if (!secret.isEmpty()) {
                shown = shown.replace(secret, HIDDEN);
            }
        }
        return shown;
    }

    /** The value with every text in it redacted; itself where the flow has no secrets. */
    JsonNode of(JsonNode value) {
        if (secrets.isEmpty()) {
            return value;
        }
        if (value.isTextual()) {
            return TextNode.valueOf(of(value.textValue()));
        }
        if (value.isObject()) {
            ObjectNode shown = JsonNodeFactory.instance.objectNode();
            value.properties().forEach(entry -> shown.set(entry.getKey(), of(entry.getValue())));
            return shown;
        }
        if (value.isArray()) {
            ArrayNode shown = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> shown.add(of(element)));
            return shown;
        }
        return value;
    }
}
