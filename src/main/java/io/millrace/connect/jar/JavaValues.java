package io.millrace.connect.jar;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as plain Java: Map, List, String, Boolean, null; whole numbers as Long, or BigInteger beyond 64 bits; others as BigDecimal. All
 * collections are new, and may be changed.
 */
final class JavaValues {
    private JavaValues() {}

    static @Nullable Object of(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT -> map(json);
            case ARRAY -> list(json);
            case STRING -> json.textValue();
            case BOOLEAN -> json.booleanValue();
            case NUMBER -> number(json);
            case BINARY -> bytes(json);
            case NULL, MISSING, POJO -> null;
        };
    }

    private static Map<String, @Nullable Object> map(JsonNode json) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        json.properties().forEach(entry -> map.put(entry.getKey(), of(entry.getValue())));
        return map;
    }

    private static List<@Nullable Object> list(JsonNode json) {
        List<@Nullable Object> list = new ArrayList<>(json.size());
        json.forEach(element -> list.add(of(element)));
        return list;
    }

    private static Number number(JsonNode json) {
        if (json.isIntegralNumber()) {
            return json.canConvertToLong() ? (Number) json.longValue() : json.bigIntegerValue();
        }
        boolean digits = json.isBigDecimal() || Double.isFinite(json.doubleValue());
        return digits ? decimal(json) : (Number) json.doubleValue();
    }

    private static BigDecimal decimal(JsonNode json) {
        return json.decimalValue();
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return json.binaryValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
