package io.millrace.connect.file;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/** JSON as files hold it: numbers keep all their digits on the way in and on the way out. */
final class Jsons {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    static final ObjectReader READER = MAPPER.readerFor(JsonNode.class);
    static final ObjectWriter WRITER = MAPPER.writer();

    private Jsons() {}

    /** The one value there is; missing if there is none. More than one is an error. */
    static JsonNode parse(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            return MissingNode.getInstance();
        }
        JsonNode value = MAPPER.readTree(parser);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "something follows the value", parser.currentTokenLocation());
        }
        return value;
    }

    /** A string as it is, anything else as JSON. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    /** What the parser has to say, without the place. */
    static String reason(JsonProcessingException e) {
        String text = String.valueOf(e.getOriginalMessage());
        int more = text.indexOf('\n');
        return more < 0 ? text : text.substring(0, more);
    }
}
