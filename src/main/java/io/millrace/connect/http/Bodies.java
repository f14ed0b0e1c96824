package io.millrace.connect.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** Turns the bytes of a body into the value that a flow sees. */
final class Bodies {
    private static final ObjectReader JSON = ExactJson.WHOLE;

    private Bodies() {}

    /** How a body is read. */
    enum Read {
        AUTO,
        TEXT,
        JSON,
        BYTES,
        NONE
    }

    /** The value of the body. Throws {@link Failure} BAD_DATA where JSON was promised and is not there. */
    static JsonNode read(Answer answer, Read how) {
        String contentType = answer.header("content-type");
        switch (how) {
            case NONE:
                return NullNode.getInstance();
            case BYTES:
                return base64(answer.body());
            case TEXT:
                return text(answer.body(), contentType);
            case JSON:
                return json(answer.body(), Charsets.named(contentType), answer.url());
            default:
                return byType(answer.body(), contentType, answer.url());
        }
    }

    /** JSON for JSON types, text for text, else base64; {@code of} says whose body it is. Throws as {@link #read}. */
    static JsonNode byType(byte[] body, String contentType, String of) {
        String type = mediaType(contentType);
        if (isJson(type)) {
            return body.length == 0 ? NullNode.getInstance() : json(body, Charsets.named(contentType), of);
        }
        return isText(type, body) ? text(body, contentType) : base64(body);
    }

    static JsonNode json(byte[] body, Charset charset, String url) {
        try {
            JsonNode value = charset.equals(StandardCharsets.UTF_8)
                    ? JSON.readValue(body)
                    : JSON.readValue(new String(body, charset));
            if (value.isMissingNode()) {
                throw Failure.badData("the body of " + url + " is empty where JSON was expected");
            }
            return value;
        } catch (JsonProcessingException wrong) {
            throw notJson(wrong, body, url);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Failure notJson(JsonProcessingException wrong, byte[] body, String url) {
        JsonLocation at = wrong.getLocation();
        String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        int shown = Math.min(body.length, Failure.BODY_LIMIT);
        return Failure.build(
                        Kind.BAD_DATA, "the body of " + url + " is not JSON: " + wrong.getOriginalMessage() + where)
                .body(new String(body, 0, shown, StandardCharsets.UTF_8))
                .cause(wrong)
                .done();
    }

    static JsonNode text(byte[] body, String contentType) {
        return TextNode.valueOf(Charsets.decode(body, contentType));
    }

    private static JsonNode base64(byte[] body) {
        return TextNode.valueOf(Base64.getEncoder().encodeToString(body));
    }

    static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.endsWith("+json") || type.equals("text/json");
    }

    private static boolean isText(String type, byte[] body) {
        return type.startsWith("text/")
                || type.endsWith("xml")
                || type.endsWith("javascript")
                || type.endsWith("ndjson")
                || type.endsWith("yaml")
                || type.equals("application/x-www-form-urlencoded")
                || type.equals("application/jsonl")
                || (type.isEmpty() && looksLikeText(body));
    }

    private static boolean looksLikeText(byte[] body) {
        for (int i = 0; i < Math.min(body.length, 1024); i++) {
            if (body[i] == 0) {
                return false;
            }
        }
        return true;
    }
}
