package io.millrace.store.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Progress.Pending;
import io.millrace.spi.ExactJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Documents as the tables keep them. UTF-8 has no room for half a surrogate pair: a document that holds one is written in ASCII, with escapes. */
final class Json {
    private static final ObjectWriter ASCII = ExactJson.WRITER.with(JsonWriteFeature.ESCAPE_NON_ASCII);

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
            return ascii(node);
        }
    }

    private static byte[] ascii(JsonNode node) {
        try {
            return ASCII.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode node(Buffer bytes) {
        return read(bytes.getBytes());
    }

    static ObjectNode object(String text) {
        return (ObjectNode) read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode read(byte[] bytes) {
        try {
            return ExactJson.READER.readTree(bytes);
        } catch (IOException e) {
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
