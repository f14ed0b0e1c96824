package io.millrace.step.hash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** JSON in the one form that equal values share: keys sorted, no white space. */
final class Canonical {
    private Canonical() {}

    static String of(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(JsonNode value, StringBuilder into) {
        if (value.isObject()) {
            writeObject(value, into);
        } else if (value.isArray()) {
            String separator = "[";
            for (JsonNode element : value) {
                into.append(separator);
                write(element, into);
                separator = ",";
            }
            into.append(value.isEmpty() ? "[]" : "]");
        } else {
            into.append(value);
        }
    }

    private static void writeObject(JsonNode value, StringBuilder into) {
        List<String> names = new ArrayList<>();
        value.fieldNames().forEachRemaining(names::add);
        Collections.sort(names);
        String separator = "{";
        for (String name : names) {
            into.append(separator).append(TextNode.valueOf(name)).append(':');
            write(value.path(name), into);
            separator = ",";
        }
        into.append(names.isEmpty() ? "{}" : "}");
    }
}
