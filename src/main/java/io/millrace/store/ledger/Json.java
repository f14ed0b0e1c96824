package io.millrace.store.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.ledger.Progress.Pending;
import io.millrace.spi.ExactJson;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Documents as the tables keep them: in UTF-8, in which {@link ExactJson} writes half a surrogate pair as an escape. */
final class Json {
    private Json() {}

    static Buffer bytes(JsonNode node) {
        return Buffer.buffer(encode(node));
    }

    static String text(JsonNode node) {
        return new String(encode(node), StandardCharsets.UTF_8);
    }

    private static byte[] encode(JsonNode node) {
        try {
            return ExactJson.WRITER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode node(Buffer bytes) {
        return read(bytes.toString());
    }

    /** A document, or its JSON as a text if it cannot be read: Jackson writes half a surrogate pair in the name of a field, and does not read it. */
    static JsonNode document(Buffer bytes) {
        try {
            return ExactJson.READER.readTree(bytes.toString());
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(bytes.toString());
        }
    }

    static ObjectNode object(Buffer bytes) {
        return (ObjectNode) node(bytes);
    }

    static ObjectNode object(String text) {
        return (ObjectNode) read(text);
    }

    private static JsonNode read(String text) {
        try {
            return ExactJson.READER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String counts(Map<String, Long> counts) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        counts.forEach(object::put);
        return text(object);
    }

    /** Adds what a row holds to a sum. */
    static void addCounts(String row, Map<String, Long> sum) {
        object(row)
                .properties()
                .forEach(entry -> sum.merge(entry.getKey(), entry.getValue().asLong(), Long::sum));
    }

    static Map<String, Long> sum(Iterable<String> rows) {
        Map<String, Long> sum = new HashMap<>();
        rows.forEach(row -> addCounts(row, sum));
        return sum;
    }

    /** Ranges as {@code [[seq, count, first, last], …]}. */
    static Buffer ranges(List<Pending> ranges) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        ranges.forEach(range -> all.addArray()
                .add(range.seq())
                .add(range.count())
                .add(range.first())
                .add(range.last()));
        return bytes(all);
    }

    static List<Pending> ranges(Buffer bytes) {
        List<Pending> ranges = new ArrayList<>();
        for (JsonNode range : node(bytes)) {
            ranges.add(new Pending(range.get(0).asLong(), range.get(1).asInt(), range.get(2), range.get(3)));
        }
        return ranges;
    }
}
