package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON values as pg-client takes them for a type of the server. */
final class ToSql {
    private static final Set<String> TRUE = Set.of("true", "t", "yes", "on", "1");
    private static final Set<String> FALSE = Set.of("false", "f", "no", "off", "0");

    private ToSql() {}

    /**
     * The value as Boolean, Short, Integer, Long, Float, Double or text, as the type's wire says; null for null.
     *
     * @param what names the parameter or column, for the failure
     * @throws Failure BAD_DATA: {@code $2 is integer, got "soon"}
     */
    static @Nullable Object value(JsonNode json, PgType type, String what) {
        if (json.isNull() || json.isMissingNode()) {
            return null;
        }
        return switch (type.wire()) {
            case BOOL -> bool(json, type, what);
            case INT2 -> (short) integer(json, type, what, Short.MIN_VALUE, Short.MAX_VALUE);
            case INT4 -> (int) integer(json, type, what, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT8 -> integer(json, type, what, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT4 -> (float) floating(json, type, what);
            case FLOAT8 -> floating(json, type, what);
            case TEXT -> text(plain(json), what);
            case CAST -> text(literal(json, type, what), what);
        };
    }

    private static Boolean bool(JsonNode json, PgType type, String what) {
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        String word = json.isTextual() ? json.textValue().trim().toLowerCase(Locale.ROOT) : "";
        if (TRUE.contains(word) || FALSE.contains(word)) {
            return TRUE.contains(word);
        }
        throw misfit(json, type, what);
    }

    private static long integer(JsonNode json, PgType type, String what, long min, long max) {
        if (json.isIntegralNumber() && json.canConvertToLong()) {
            return within(json.longValue(), json, type, what, min, max);
        }
        if (!json.isNumber() && !json.isTextual()) {
            throw misfit(json, type, what);
        }
        try {
            BigInteger whole = json.isNumber()
                    ? json.decimalValue().toBigIntegerExact()
                    : new BigDecimal(json.textValue().trim()).toBigIntegerExact();
            if (whole.bitLength() > 63) {
                throw outside(json, type, what);
            }
            return within(whole.longValue(), json, type, what, min, max);
        } catch (ArithmeticException | NumberFormatException e) {
            throw misfit(json, type, what);
        }
    }

    private static long within(long value, JsonNode json, PgType type, String what, long min, long max) {
        if (value < min || value > max) {
            throw outside(json, type, what);
        }
        return value;
    }

    private static double floating(JsonNode json, PgType type, String what) {
        if (json.isNumber()) {
            return json.doubleValue();
        }
        try {
            if (json.isTextual()) {
                return Double.parseDouble(json.textValue().trim());
            }
        } catch (NumberFormatException e) {
            throw misfit(json, type, what);
        }
        throw misfit(json, type, what);
    }

    /** As a text column shows it: objects and lists as JSON. */
    private static String plain(JsonNode json) {
        if (json.isTextual()) {
            return json.textValue();
        }
        return json.isBigDecimal() ? json.decimalValue().toPlainString() : json.toString();
    }

    /** As the server parses it for the type. */
    private static String literal(JsonNode json, PgType type, String what) {
        if (type.isJson()) {
            return json.toString();
        }
        if (type.name().equals("bytea")) {
            return bytes(json, type, what);
        }
        if (type.category() == 'A') {
            return json.isArray() ? array(json, type, what) : braced(json, type, what);
        }
        if (json.isContainerNode()) {
            throw misfit(json, type, what);
        }
        return plain(json);
    }

    private static String bytes(JsonNode json, PgType type, String what) {
        try {
            return "\\x" + HexFormat.of().formatHex(Base64.getDecoder().decode(json.textValue()));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw Failure.badData(what + " is " + type + ", which takes base64, got " + shown(json));
        }
    }

    private static String braced(JsonNode json, PgType type, String what) {
        if (json.isTextual() && json.textValue().startsWith("{")) {
            return json.textValue();
        }
        throw misfit(json, type, what);
    }

    private static String array(JsonNode list, PgType type, String what) {
        PgType element = type.elementType();
        StringBuilder out = new StringBuilder("{");
        for (JsonNode value : list) {
            out.append(out.length() > 1 ? "," : "");
            if (value.isNull()) {
                out.append("NULL");
            } else if (value.isArray() && !element.isJson()) {
                out.append(array(value, type, what));
            } else {
                String text = element.category() == 'S' ? plain(value) : literal(value, element, what);
                out.append('"')
                        .append(text.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        }
        return out.append('}').toString();
    }

    private static String text(String value, String what) {
        if (value.indexOf('\0') >= 0) {
            throw Failure.badData(what + " holds the character U+0000, which PostgreSQL cannot store");
        }
        return value;
    }

    private static Failure misfit(JsonNode json, PgType type, String what) {
        return Failure.badData(what + " is " + type + ", got " + shown(json));
    }

    private static Failure outside(JsonNode json, PgType type, String what) {
        return Failure.badData(what + " is " + type + ", and " + shown(json) + " is out of its range");
    }

    static String shown(JsonNode json) {
        String text = json.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "…";
    }
}
