package io.millrace.connect.exec;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON as it goes through pipes: UTF-8, numbers keep all their digits. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private Json() {}

    /** The one value there is; missing if there is none. More than one is an error. */
    static JsonNode parse(byte[] bytes, int offset, int length) throws IOException {
        try (JsonParser parser = MAPPER.createParser(bytes, offset, length)) {
            if (parser.nextToken() == null) {
                return MissingNode.getInstance();
            }
            JsonNode value = MAPPER.readTree(parser);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows the value", parser.currentTokenLocation());
            }
            return value;
        }
    }

    /** All values there are. */
    static ArrayNode parseAll(byte[] bytes) throws IOException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        try (MappingIterator<JsonNode> values = MAPPER.readerFor(JsonNode.class).readValues(bytes)) {
            while (values.hasNextValue()) {
                all.add(values.nextValue());
            }
        }
        return all;
    }

    /** A string as it is, anything else as JSON. */
    static byte[] text(JsonNode value) {
        return value.isTextual() ? value.textValue().getBytes(StandardCharsets.UTF_8) : bytes(value);
    }

    static byte[] bytes(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the parser has to say, in one line. */
    static String reason(IOException e) {
        String text = e instanceof JsonProcessingException json
                ? String.valueOf(json.getOriginalMessage())
                : String.valueOf(e.getMessage());
        int more = text.indexOf('\n');
        return more < 0 ? text : text.substring(0, more);
    }
}
