package io.millrace.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Cursor;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Quantities;
import io.millrace.spi.Settings;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values of the parameters: what was given with {@code -p}, else their defaults, in the types that they declare. */
final class Params {
    private static final String SECRET = "secret";

    private final FlowCheck check;
    private final Cursor params;
    private final Map<String, String> given;
    private final boolean checkOnly;
    private final ObjectNode values;
    private final Set<String> open;
    private final Set<String> secrets = new LinkedHashSet<>();

    /**
     * @param values filled, one by one, so that a default may read the parameters before it
     * @param open names without a value; those that get one are removed
     */
    Params(
            FlowCheck check,
            Cursor params,
            Map<String, String> given,
            boolean checkOnly,
            ObjectNode values,
            Set<String> open) {
        this.check = check;
        this.params = params;
        this.given = given;
        this.checkOnly = checkOnly;
        this.values = values;
        this.open = open;
    }

    /** Whether the flow declares this parameter a secret. */
    static boolean isSecret(JsonNode flow, String name) {
        return flow.path(Language.PARAMS.name())
                .path(name)
                .path(Language.PARAM_TYPE.name())
                .asText()
                .equals(SECRET);
    }

    /** Values of secret parameters, which no output may show. */
    Set<String> secrets() {
        return secrets;
    }

    void read() {
        for (String name : check.declared().params()) {
            Settings declared = check.settings(params.child(name), Language.PARAM);
            if (declared != null) {
                value(name, declared).ifPresent(value -> put(name, value, declared));
            }
        }
        given.keySet().stream()
                .filter(name -> !check.declared().params().contains(name))
                .forEach(this::unknown);
    }

    private void put(String name, JsonNode value, Settings declared) {
        values.set(name, value);
        open.remove(name);
        if (declared.get(Language.PARAM_TYPE).equals(SECRET) && value.isTextual()) {
            secrets.add(value.textValue());
        }
    }

    private void unknown(String name) {
        boolean none = check.declared().params().isEmpty();
        check.error(
                params,
                "There is no parameter " + Words.quoted(name) + ", but -p gives it a value.",
                none
                        ? "This flow has none."
                        : check.suggestion(name, check.declared().params()));
    }

    private Optional<JsonNode> value(String name, Settings declared) {
        String type = declared.get(Language.PARAM_TYPE);
        String text = given.get(name);
        return text != null ? fromText(name, type, text) : fromDefault(name, type, declared);
    }

    private Optional<JsonNode> fromText(String name, String type, String text) {
        JsonNode value = parsed(type, text);
        if (value == null) {
            check.error(
                    params.child(name),
                    "-p " + name + "=" + text + " is not " + noun(type) + ".",
                    "Write " + example(type, name) + ".");
        }
        return Optional.ofNullable(value);
    }

    private Optional<JsonNode> fromDefault(String name, String type, Settings declared) {
        Optional<JsonNode> value = declared.find(Language.PARAM_DEFAULT);
        if (value.isEmpty()) {
            noValue(name, type, declared);
        } else if (!value.get().isNull() && !fits(type, value.get())) {
            Cursor at = params.child(name).child(Language.PARAM_DEFAULT.name());
            check.error(
                    at,
                    Words.shown(value.get()) + " is not " + noun(type) + ".",
                    "Write " + noun(type) + ", or change the type.");
            return Optional.empty();
        }
        return value;
    }

    private void noValue(String name, String type, Settings declared) {
        if (checkOnly) {
            return;
        }
        if (declared.at().json().has(Language.PARAM_DEFAULT.name())) {
            check.error(
                    params.child(name),
                    "The default of " + Words.quoted(name) + " reads a parameter that has no value yet.",
                    "Declare that one first.");
        } else {
            check.error(
                    params.child(name),
                    "The parameter " + Words.quoted(name) + " has no value.",
                    "Give it one: " + example(type, name) + ".");
        }
    }

    private static @Nullable JsonNode parsed(String type, String text) {
        try {
            return switch (type) {
                case "integer" -> JsonNodeFactory.instance.numberNode(new BigInteger(text.strip()));
                case "number" -> DecimalNode.valueOf(new BigDecimal(text.strip()));
                case "boolean" ->
                    text.equals("true") || text.equals("false")
                            ? JsonNodeFactory.instance.booleanNode(text.equals("true"))
                            : null;
                case "duration" -> Quantities.duration(text) == null ? null : TextNode.valueOf(text);
                case "json" -> ExactJson.WHOLE.readTree(text).isMissingNode() ? null : ExactJson.WHOLE.readTree(text);
                default -> TextNode.valueOf(text);
            };
        } catch (NumberFormatException | JsonProcessingException notOne) {
            return null;
        }
    }

    private static boolean fits(String type, JsonNode value) {
        return switch (type) {
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "duration" -> value.isTextual() && Quantities.duration(value.textValue()) != null;
            case "json" -> true;
            default -> value.isTextual();
        };
    }

    private static String noun(String type) {
        return switch (type) {
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "duration" -> "a duration such as 500ms, 10s or 2m";
            case "json" -> "JSON";
            default -> "a string";
        };
    }

    private static String example(String type, String name) {
        String value = switch (type) {
            case "integer" -> "10";
            case "number" -> "1.5";
            case "boolean" -> "true";
            case "duration" -> "10s";
            case "json" -> "'{\"a\": 1}'";
            default -> "…";
        };
        return "-p " + name + "=" + value;
    }
}
