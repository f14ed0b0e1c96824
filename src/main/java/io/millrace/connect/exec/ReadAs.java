package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What standard output is read as. */
enum ReadAs {
    TEXT,
    JSON,
    JSONL,
    BYTES,
    NONE;

    /** Throws BAD_DATA if it is not what it is read as. */
    JsonNode value(byte[] bytes, String program) {
        try {
            return switch (this) {
                case TEXT -> TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8));
                case JSON -> json(bytes);
                case JSONL -> Json.parseAll(bytes);
                case BYTES -> TextNode.valueOf(Base64.getEncoder().encodeToString(bytes));
                case NONE -> NullNode.instance;
            };
        } catch (IOException e) {
            throw Failure.build(Failure.Kind.BAD_DATA, "\"" + program + "\" printed no JSON: " + Json.reason(e))
                    .cause(e)
                    .body(new String(bytes, 0, Math.min(bytes.length, Failure.BODY_LIMIT), StandardCharsets.UTF_8))
                    .done();
        }
    }

    private static JsonNode json(byte[] bytes) throws IOException {
        JsonNode value = Json.parse(bytes, 0, bytes.length);
        if (value.isMissingNode()) {
            throw new IOException("it printed nothing");
        }
        return value;
    }
}
