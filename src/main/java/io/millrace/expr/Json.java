package io.millrace.expr;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Values as text, and their order, as in jq but for numbers, which keep all digits. */
final class Json {
    /** null, false, true, numbers, strings, arrays, objects. */
    static final Comparator<JsonNode> ORDER = Json::compare;

    private Json() {}

    /** A string as it is, anything else as compact JSON. */
    static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : compact(node);
    }

    static String compact(JsonNode node) {
        StringBuilder out = new StringBuilder();
        write(node, out);
        return out.toString();
    }

    private static void write(JsonNode node, StringBuilder out) {
        switch (node.getNodeType()) {
            case OBJECT -> writeObject(node, out);
            case ARRAY -> writeArray(node, out);
            case NUMBER -> out.append(Numbers.print(node));
            case BOOLEAN, NULL -> out.append(node.asText());
            case MISSING -> out.append("null");
            default -> writeText(node.asText(), out);
        }
    }

    private static void writeObject(JsonNode node, StringBuilder out) {
        String separator = "{";
        for (var entry : node.properties()) {
            out.append(separator);
            writeText(entry.getKey(), out);
            out.append(':');
            write(entry.getValue(), out);
            separator = ",";
        }
        out.append(node.isEmpty() ? "{}" : "}");
    }

    private static void writeArray(JsonNode node, StringBuilder out) {
        out.append('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            write(node.get(i), out);
        }
        out.append(']');
    }

    private static void writeText(String text, StringBuilder out) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }

    static boolean isTrue(JsonNode node) {
        return !node.isNull() && !(node.isBoolean() && !node.booleanValue());
    }

    /** The name of the type in jq. */
    static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case STRING, BINARY -> "string";
            case NULL, MISSING -> "null";
        };
    }

    /** A value for a message: its JSON, cut when it is long. */
    static String shown(JsonNode node) {
        return type(node) + " (" + shorten(compact(node), 60) + ")";
    }

    static String shorten(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }

    static int compare(JsonNode a, JsonNode b) {
        int byType = Integer.compare(rank(a), rank(b));
        if (byType != 0) {
            return byType;
        }
        return switch (a.getNodeType()) {
            case NUMBER -> Numbers.compare(a, b);
            case STRING, BINARY -> compareText(a.asText(), b.asText());
            case ARRAY -> compareArrays(a, b);
            case OBJECT -> compareObjects(a, b);
            default -> 0;
        };
    }

    private static int rank(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING -> 0;
            case BOOLEAN -> node.booleanValue() ? 2 : 1;
            case NUMBER -> 3;
            case STRING, BINARY -> 4;
            case ARRAY -> 5;
            case OBJECT, POJO -> 6;
        };
    }

    /** By code points, not by UTF-16 units. */
    private static int compareText(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int compareArrays(JsonNode a, JsonNode b) {
        int length = Math.min(a.size(), b.size());
        for (int i = 0; i < length; i++) {
            int order = compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int compareObjects(JsonNode a, JsonNode b) {
        List<String> keys = keys(a);
        List<String> others = keys(b);
        for (int i = 0; i < Math.min(keys.size(), others.size()); i++) {
            int order = compareText(keys.get(i), others.get(i));
            if (order != 0) {
                return order;
            }
        }
        int bySize = Integer.compare(keys.size(), others.size());
        for (int i = 0; bySize == 0 && i < keys.size(); i++) {
            bySize = compare(a.get(keys.get(i)), b.get(keys.get(i)));
        }
        return bySize;
    }

    private static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>(object.size());
        object.fieldNames().forEachRemaining(keys::add);
        Collections.sort(keys, Json::compareText);
        return keys;
    }
}
