package io.millrace.connect.tcp;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Types;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How the bytes of a frame become a value. */
enum ReadAs {
    TEXT {
        @Override
        JsonNode value(byte[] bytes, Charset charset) {
            return TextNode.valueOf(text(bytes, charset));
        }
    },
    JSON {
        @Override
        JsonNode value(byte[] bytes, Charset charset) {
            try (JsonParser parser = parser(bytes, charset)) {
                JsonNode value = ExactJson.only(parser);
                if (value.isMissingNode()) {
                    throw Failure.badData("is empty, and no JSON");
                }
                return value;
            } catch (JsonProcessingException e) {
                throw Failure.badData("is not JSON: " + ExactJson.reason(e));
            } catch (IOException e) {
                throw Failure.badData("is not JSON: " + e.getMessage());
            }
        }

        private static JsonParser parser(byte[] bytes, Charset charset) throws IOException {
            return charset.equals(StandardCharsets.UTF_8)
                    ? ExactJson.MAPPER.createParser(bytes)
                    : ExactJson.MAPPER.createParser(text(bytes, charset));
        }
    },
    BYTES {
        @Override
        JsonNode value(byte[] bytes, Charset charset) {
            return TextNode.valueOf(Base64.getEncoder().encodeToString(bytes));
        }
    };

    static final Field<ReadAs> FIELD = Field.of(
                    "read",
                    Types.enumOf("way to read a frame", ReadAs.class),
                    "What the bytes that come become: text, the value of JSON text, or bytes as base64.")
            .byDefault("text");

    private static final char REPLACEMENT = '\uFFFD';

    /** The value; throws BAD_DATA whose message goes on after "it". */
    abstract JsonNode value(byte[] bytes, Charset charset);

    /** The text. What is no text in that character set must not be changed in silence. */
    static String text(byte[] bytes, Charset charset) {
        String text = new String(bytes, charset);
        if (text.indexOf(REPLACEMENT) >= 0) {
            try {
                charset.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException e) {
                throw Failure.badData("is no text in " + charset.name() + ". Set \"charset\", or \"read\": \"bytes\".");
            }
        }
        return text;
    }
}
