package io.millrace.spi;

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
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/** JSON as it comes in and goes out: numbers keep all their digits. */
public final class ExactJson {
    /** Shared; never to be configured further. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    /** Reads one value; what follows it is not looked at. */
    public static final ObjectReader READER = MAPPER.readerFor(JsonNode.class);

    /** Reads the only value of a text; anything behind it is an error. */
    public static final ObjectReader WHOLE = READER.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public static final ObjectWriter WRITER = MAPPER.writer();

    private ExactJson() {}

    /** The one value that a parser gives; missing if there is none. More than one is an error. */
    public static JsonNode only(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            return MissingNode.getInstance();
        }
        JsonNode value = MAPPER.readTree(parser);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "something follows the value", parser.currentTokenLocation());
        }
        return value;
    }

    /** A whole number as the node that reading its text gives, so that equal numbers are equal nodes. */
    public static JsonNode whole(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    /** What the parser has to say, in one line and without the place. */
    public static String reason(JsonProcessingException e) {
        String text = String.valueOf(e.getOriginalMessage());
        int more = text.indexOf('\n');
        return more < 0 ? text : text.substring(0, more);
    }
}
