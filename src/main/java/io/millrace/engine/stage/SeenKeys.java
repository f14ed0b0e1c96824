package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.spi.Failure;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values that {@code unique} has seen in this run, as the first 128 bits of their SHA-256. Two different values are taken for one
 * with a probability of about n²/2¹²⁹. Shared by all that send to a stage.
 */
public final class SeenKeys {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final Set<UUID> seen = ConcurrentHashMap.newKeySet();

    /** Whether the value comes for the first time. */
    boolean first(JsonNode value) {
        return seen.add(hash(value));
    }

    /** What tells values apart. */
    static UUID hash(JsonNode value) {
        try {
            byte[] bytes =
                    JSON.writeValueAsBytes(value.isContainerNode() ? JSON.treeToValue(value, Object.class) : value);
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new UUID(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException | com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw Failure.from(impossible);
        }
    }
}
