package io.millrace.step.xml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * An element while it is read. The mapping is that of Python's xmltodict, which people who come from there know: {@code @attribute},
 * {@code #text}, a list for what is repeated.
 */
final class Element {
    private static final String TEXT = "#text";

    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final ObjectNode fields = JsonNodeFactory.instance.objectNode();

    Element(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void attribute(String attribute, String value) {
        fields.put("@" + attribute, value);
    }

    void text(char[] characters, int start, int length) {
        text.append(characters, start, length);
    }

    /** Names of elements begin neither with @ nor with #, so a field is an array only where it became one here. */
    void child(String child, JsonNode value, boolean list) {
        JsonNode before = fields.get(child);
        if (before instanceof ArrayNode several) {
            several.add(value);
        } else if (before != null) {
            fields.putArray(child).add(before).add(value);
        } else if (list) {
            fields.putArray(child).add(value);
        } else {
            fields.set(child, value);
        }
    }

    JsonNode value() {
        String own = text.toString().strip();
        if (fields.isEmpty()) {
            return own.isEmpty() ? NullNode.getInstance() : TextNode.valueOf(own);
        }
        return own.isEmpty() ? fields : fields.put(TEXT, own);
    }
}
