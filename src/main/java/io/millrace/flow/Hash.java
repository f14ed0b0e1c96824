package io.millrace.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import io.millrace.spi.ExactJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of JSON, whatever the order of its fields. */
final class Hash {
    private static final ObjectWriter SORTED = ExactJson.WRITER.with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

    private Hash() {}

    /** All of it, in hexadecimal digits. */
    static String of(JsonNode json) {
        try {
            byte[] text = SORTED.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its first half: enough to tell values apart. */
    static String brief(JsonNode json) {
        return of(json).substring(0, 32);
    }
}
