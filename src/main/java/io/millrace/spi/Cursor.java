package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A value of the flow file and its place.
 *
 * @param json the value
 * @param pointer its JSON pointer from the top of the file, {@code ""} for the whole
 */
public record Cursor(JsonNode json, String pointer) {
    public Cursor child(String field) {
        return new Cursor(json.path(field), pointer + "/" + escape(field));
    }

    public Cursor child(int index) {
        return new Cursor(json.path(index), pointer + "/" + index);
    }

    /** The same place with another value, as after evaluating it. */
    public Cursor with(JsonNode value) {
        return new Cursor(value, pointer);
    }

    private static String escape(String field) {
        return field.replace("~", "~0").replace("/", "~1");
    }
}
