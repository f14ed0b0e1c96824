package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vertx.core.MultiMap;
import java.util.Locale;

/**
 * A complete answer.
 *
 * @param url where it came from, after redirects
 * @param body decompressed; empty if it was saved
 */
record Answer(int status, MultiMap headers, byte[] body, String url, long elapsedMs) {
    private static final String SET_COOKIE = "set-cookie";

    String header(CharSequence name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }

    /** By lower-case name; what is repeated is joined by commas, but set-cookie is a list. */
    ObjectNode headersJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        headers.forEach((name, value) -> add(lowerCase(name), value, json));
        return json;
    }

    private static void add(String name, String value, ObjectNode json) {
        if (name.equals(SET_COOKIE)) {
            ArrayNode list = json.withArrayProperty(SET_COOKIE);
            list.add(value);
            return;
        }
        var before = json.replace(name, TextNode.valueOf(value));
        if (before != null) {
            json.put(name, before.textValue() + ", " + value);
        }
    }

    private static String lowerCase(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
                return name.toLowerCase(Locale.ROOT);
            }
        }
        return name;
    }
}
