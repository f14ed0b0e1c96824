package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What a flow answers to whoever sent a record. A server takes of it what its protocol knows: one of plain frames sends the body alone.
 *
 * @param status as in HTTP, 200 to 599
 * @param headers by lower-case name, each with one value or more
 * @param body what is sent; null for nothing
 */
public record Reply(int status, Map<String, List<String>> headers, JsonNode body) {
    /** The status that says that all is well. */
    public static final int OK = 200;

    public Reply {
        headers = Map.copyOf(headers);
    }

    /** A body, without a word about it. */
    public static Reply of(JsonNode body) {
        return new Reply(OK, Map.of(), body);
    }
}
