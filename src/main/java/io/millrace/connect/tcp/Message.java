package io.millrace.connect.tcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Dynamic;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** What is sent: text, JSON, or bytes in base64. */
final class Message {
    static final Field<Template> SEND = Field.of(
                    "send", Types.template(), "What is sent: a string as text, anything else as JSON.")
            .example(Map.of("get", "${.id}"));
    static final Field<Dynamic<String>> BASE64 = Field.of(
                    "base64", Types.dynamic(Types.string()), "Bytes to send, in base64, in place of send.")
            .example("AAEC/w==");

    private final Optional<Template> send;
    private final Optional<Dynamic<String>> base64;
    private final Charset charset;

    Message(Settings settings, Charset charset) {
        this.send = settings.find(SEND);
        this.base64 = settings.find(BASE64);
        this.charset = charset;
    }

    /** Its bytes for this item. Throws BAD_DATA for null, and for what is no base64. */
    byte[] of(Frame frame) {
        return base64.isPresent()
                ? decoded(base64.get().get(frame))
                : bytes(send.orElseThrow().eval(frame), charset);
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException wrong) {
            throw Failure.badData("\"base64\" is no base64: " + wrong.getMessage());
        }
    }

    /** A string as it is, anything else as JSON. */
    static byte[] bytes(JsonNode value, Charset charset) {
        if (value.isTextual()) {
            return value.textValue().getBytes(charset);
        }
        if (value.isNull() || value.isMissingNode()) {
            throw Failure.badData("there is nothing to send: it is null");
        }
        return json(value, charset);
    }

    static byte[] json(JsonNode value, Charset charset) {
        try {
            return charset.equals(java.nio.charset.StandardCharsets.UTF_8)
                    ? ExactJson.WRITER.writeValueAsBytes(value)
                    : ExactJson.WRITER.writeValueAsString(value).getBytes(charset);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
