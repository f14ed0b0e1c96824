package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.ExactJson;
import org.jspecify.annotations.Nullable;

/**
 * What names a record of a page for good. As JSON: {@code [page, index, address]}, with the address of the next page behind that if the
 * record is the last of a page that was read as a whole.
 *
 * @param page from 1
 * @param index within its page, from 1
 * @param address of its page, as {@link PageAddress} says
 * @param next that of the page behind; null if it has to be found out from this one
 */
record PageToken(
        long page, long index, JsonNode address, @Nullable JsonNode next) {
    /** Positions are {@code page × 10⁹ + index}. */
    static final long PAGE = 1_000_000_000;

    static PageToken of(JsonNode json) {
        return new PageToken(
                json.path(0).asLong(), json.path(1).asLong(), json.path(2), json.has(3) ? json.path(3) : null);
    }

    long position() {
        return page * PAGE + index;
    }

    JsonNode json() {
        ArrayNode json = new ArrayNode(JsonNodeFactory.instance, next == null ? 3 : 4);
        json.add(ExactJson.whole(page)).add(ExactJson.whole(index)).add(address);
        return next == null ? json : json.add(next);
    }
}
