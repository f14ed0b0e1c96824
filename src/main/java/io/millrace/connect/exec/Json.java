package io.millrace.connect.exec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.ExactJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON as it goes through pipes: UTF-8, in one line. */
final class Json {
    private Json() {}

    /** The one value there is; missing if there is none. More than one is an error. */
    static JsonNode parse(byte[] bytes, int offset, int length) throws IOException {
        try (JsonParser parser = ExactJson.MAPPER.createParser(bytes, offset, length)) {
            return ExactJson.only(parser);
        }
    }

    /** All values there are. */
    static ArrayNode parseAll(byte[] bytes) throws IOException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        try (MappingIterator<JsonNode> values = ExactJson.READER.readValues(bytes)) {
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
            return ExactJson.WRITER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the parser has to say, in one line. */
    static String reason(IOException e) {
        return e instanceof JsonProcessingException json ? ExactJson.reason(json) : String.valueOf(e.getMessage());
    }
}
