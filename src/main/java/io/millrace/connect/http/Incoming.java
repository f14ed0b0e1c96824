package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/** A request as the record that a flow sees. */
final class Incoming {
    private Incoming() {}

    /** All but the body. Throws {@link Failure} BAD_DATA where the query cannot be read. */
    static ObjectNode head(RoutingContext at) {
        HttpServerRequest request = at.request();
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.put("method", request.method().name()).put("path", at.normalizedPath());
        ObjectNode params = record.putObject("params");
        at.pathParams().forEach(params::put);
        try {
            record.set("query", several(at.queryParams()));
        } catch (RuntimeException malformed) {
            throw Failure.badData("The query cannot be read: " + malformed.getMessage());
        }
        record.set("headers", headers(request.headers()));
        return record;
    }

    /** Sets the body. Throws {@link Failure} BAD_DATA where it is not what its content type says. */
    static ObjectNode withBody(ObjectNode record, Buffer body) {
        String type = record.path("headers").path("content-type").asText("");
        return record.set("body", value(body.getBytes(), type, record));
    }

    private static JsonNode value(byte[] body, String contentType, ObjectNode record) {
        try {
            switch (Bodies.mediaType(contentType)) {
                case "application/x-www-form-urlencoded":
                    return Forms.encoded(body, Charsets.named(contentType));
                case "multipart/form-data":
                    return Forms.multipart(body, contentType);
                default:
                    return body.length == 0
                            ? NullNode.getInstance()
                            : Bodies.byType(
                                    body,
                                    contentType,
                                    record.path("method").asText() + " "
                                            + record.path("path").asText());
            }
        } catch (UncheckedIOException unreadable) {
            throw Failure.badData("The body cannot be read: " + unreadable.getMessage());
        }
    }

    private static ObjectNode headers(MultiMap headers) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            JsonNode before = json.get(name);
            String between = name.equals("cookie") ? "; " : ", ";
            json.put(name, before == null ? header.getValue() : before.asText() + between + header.getValue());
        }
        return json;
    }

    /** Values by name; a name that comes several times has a list of them. */
    private static ObjectNode several(MultiMap values) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, String> entry : values) {
            add(json, entry.getKey(), TextNode.valueOf(entry.getValue()));
        }
        return json;
    }

    /** Adds a value under a name that may have others. */
    static void add(ObjectNode json, String name, JsonNode value) {
        JsonNode before = json.get(name);
        if (before == null) {
            json.set(name, value);
        } else if (before.isArray()) {
            ((ArrayNode) before).add(value);
        } else {
            json.putArray(name).add(before).add(value);
        }
    }
}
