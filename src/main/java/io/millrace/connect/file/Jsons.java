package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;

/** Values as text. */
final class Jsons {
    private Jsons() {}

    /** A string as it is, anything else as JSON. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }
}
