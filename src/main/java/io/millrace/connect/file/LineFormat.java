package io.millrace.connect.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Failure;
import io.millrace.spi.LineReader;
import io.millrace.spi.Records;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a line means. */
abstract sealed class LineFormat {
    private final Charset charset;

    private LineFormat(Charset charset) {
        this.charset = charset;
    }

    /** Adds the record of the reader's line, or a bad one. */
    abstract void add(LineReader line, String place, long position, @Nullable JsonNode token, Records into);

    /** The line as text; bytes that are none in this charset become U+FFFD. */
    TextNode text(LineReader line) {
        return TextNode.valueOf(new String(line.bytes(), line.offset(), line.length(), charset));
    }

    /** Whether the text stands for its bytes: a replacement character may also have been in the file itself. */
    boolean isFaithful(TextNode text, LineReader line) {
        if (text.textValue().indexOf('\uFFFD') < 0) {
            return true;
        }
        try {
            charset.newDecoder().decode(ByteBuffer.wrap(line.bytes(), line.offset(), line.length()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    Failure undecodable(String place) {
        return Failure.badData(place + ": the line is not " + charset + "; set \"charset\"");
    }

    /** Each line is a string. */
    static final class Text extends LineFormat {
        Text(Charset charset) {
            super(charset);
        }

        @Override
        void add(LineReader line, String place, long position, @Nullable JsonNode token, Records into) {
            TextNode text = text(line);
            if (isFaithful(text, line)) {
                into.add(text, position, token);
            } else {
                into.bad(text, position, token, undecodable(place));
            }
        }
    }

    /** Each line is a JSON value; lines of white space are passed over. */
    static final class Json extends LineFormat {
        private static final ObjectReader JSON = ExactJson.READER;
        private final boolean utf8;

        Json(Charset charset) {
            super(charset);
            this.utf8 = charset.equals(StandardCharsets.UTF_8);
        }

        @Override
        void add(LineReader line, String place, long position, @Nullable JsonNode token, Records into) {
            try {
                JsonNode value = parse(line);
                if (!value.isMissingNode()) {
                    into.add(value, position, token);
                }
            } catch (IOException e) {
                TextNode raw = text(line);
                into.bad(raw, position, token, isFaithful(raw, line) ? notJson(place, e) : undecodable(place));
            }
        }

        private JsonNode parse(LineReader line) throws IOException {
            try (JsonParser parser = utf8
                    ? JSON.createParser(line.bytes(), line.offset(), line.length())
                    : JSON.createParser(text(line).textValue())) {
                return ExactJson.only(parser);
            }
        }

        private static Failure notJson(String place, IOException e) {
            return e instanceof JsonProcessingException json && json.getLocation() != null
                    ? Failure.badData(
                            place + ":" + json.getLocation().getColumnNr() + ": not JSON: " + ExactJson.reason(json))
                    : Failure.badData(place + ": not JSON: " + e.getMessage());
        }
    }
}
