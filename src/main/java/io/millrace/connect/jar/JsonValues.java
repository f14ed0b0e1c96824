package io.millrace.connect.jar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Plain Java as JSON. */
final class JsonValues {
    /** Deeper values are taken for ones that hold themselves. */
    private static final int MAX_DEPTH = 500;

    private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

    /** A value that JSON cannot say; the message completes "it returned …". */
    static final class NoJson extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoJson(String what) {
            super(what, null, false, false);
        }
    }

    private JsonValues() {}

    /** Throws {@link NoJson}. */
    static JsonNode of(@Nullable Object value) {
        return of(value, 0);
    }

    private static JsonNode of(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new NoJson("a value nested more than " + MAX_DEPTH + " deep. Does it hold itself?");
        }
        if (value == null) {
            return JSON.nullNode();
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Boolean bool) {
            return JSON.booleanNode(bool);
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, depth);
        }
        if (value instanceof Iterable<?> list && !(value instanceof java.nio.file.Path)) {
            return array(list, depth);
        }
        if (value instanceof Optional<?> optional) {
            return of(optional.orElse(null), depth);
        }
        return scalar(value).orElseGet(() -> composed(value, depth));
    }

    private static Optional<JsonNode> scalar(Object value) {
        if (value instanceof byte[] bytes) {
            return Optional.of(JSON.textNode(Base64.getEncoder().encodeToString(bytes)));
        }
        if (value instanceof Enum<?> constant) {
            return Optional.of(JSON.textNode(constant.name()));
        }
        boolean text = value instanceof CharSequence
                || value instanceof Character
                || value instanceof TemporalAccessor
                || value instanceof TemporalAmount
                || value instanceof UUID
                || value instanceof java.net.URI
                || value instanceof java.nio.file.Path;
        return text ? Optional.of(JSON.textNode(value.toString())) : Optional.empty();
    }

    private static JsonNode composed(Object value, int depth) {
        if (value.getClass().isArray()) {
            ArrayNode array = JSON.arrayNode();
            for (int i = 0; i < Array.getLength(value); i++) {
                array.add(of(Array.get(value, i), depth + 1));
            }
            return array;
        }
        if (value instanceof Record) {
            return record(value, depth);
        }
        throw new NoJson("a " + value.getClass().getName()
                + ", which is no JSON value. Return a Map, List, String, number, Boolean, record or null.");
    }

    private static JsonNode number(Number number) {
        if (number instanceof BigDecimal decimal) {
            return JSON.numberNode(decimal);
        }
        if (number instanceof BigInteger integer) {
            return JSON.numberNode(integer);
        }
        if (number instanceof Double || number instanceof Float) {
            return real(number);
        }
        boolean whole = number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte
                || number instanceof AtomicLong
                || number instanceof AtomicInteger;
        return whole ? JSON.numberNode(number.longValue()) : other(number);
    }

    private static JsonNode other(Number number) {
        try {
            return JSON.numberNode(new BigDecimal(number.toString()));
        } catch (NumberFormatException e) {
            throw new NoJson("a " + number.getClass().getName() + ", " + number + ", which JSON has no number for.");
        }
    }

    private static JsonNode real(Number number) {
        if (!Double.isFinite(number.doubleValue())) {
            throw new NoJson(number + ", which JSON has no number for.");
        }
        return number instanceof Float
                ? JSON.numberNode(new BigDecimal(number.toString()))
                : JSON.numberNode(number.doubleValue());
    }

    private static JsonNode object(Map<?, ?> map, int depth) {
        ObjectNode object = JSON.objectNode();
        map.forEach((key, value) -> object.set(key(key), of(value, depth + 1)));
        return object;
    }

    private static String key(@Nullable Object key) {
        if (key instanceof CharSequence || key instanceof Number || key instanceof Boolean || key instanceof UUID) {
            return key.toString();
        }
        if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        throw new NoJson("a Map with the key " + key + ", which is no string.");
    }

    private static JsonNode array(Iterable<?> list, int depth) {
        ArrayNode array = JSON.arrayNode();
        list.forEach(element -> array.add(of(element, depth + 1)));
        return array;
    }

    private static JsonNode record(Object value, int depth) {
        ObjectNode object = JSON.objectNode();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                object.set(component.getName(), of(component.getAccessor().invoke(value), depth + 1));
            } catch (InvocationTargetException e) {
                throw new NoJson("a record whose " + component.getName() + "() threw " + e.getCause() + ".");
            } catch (ReflectiveOperationException e) {
                throw new NoJson("a record whose " + component.getName() + "() cannot be called: " + e + ".");
            }
        }
        return object;
    }
}
