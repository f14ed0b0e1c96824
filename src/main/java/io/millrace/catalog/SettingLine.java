package io.millrace.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Field;
import io.millrace.spi.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * One setting in a reference table. Fields of an object within the settings stand below it, as {@code outer.inner}.
 *
 * @param byDefault as written in a flow, in words, {@code required}, or empty
 */
record SettingLine(String name, String type, String byDefault, String meaning) {
    static List<SettingLine> of(Spec spec) {
        List<SettingLine> lines = new ArrayList<>();
        for (Field<?> field : spec.fields()) {
            lines.add(of(field, spec.whole() ? spec.name() : field.name()));
            within(field.type().schema()).ifPresent(inner -> lines.addAll(inner(field.name(), inner)));
        }
        return lines;
    }

    private static SettingLine of(Field<?> field, String name) {
        JsonNode example = field.exampleValue();
        String type = field.type().noun() + (example == null ? "" : ", as " + example);
        return new SettingLine(name, type, byDefault(field), field.doc());
    }

    private static String byDefault(Field<?> field) {
        if (field.isRequired()) {
            return "required";
        }
        String words = field.defaultInWords();
        JsonNode literal = field.defaultValue();
        return words != null ? words : literal == null ? "" : literal.toString();
    }

    /** The object that a schema describes, directly or as one of several forms. */
    private static Optional<JsonNode> within(JsonNode schema) {
        if (schema.has("properties")) {
            return Optional.of(schema.path("properties"));
        }
        return StreamSupport.stream(schema.path("anyOf").spliterator(), false)
                .flatMap(form -> within(form).stream())
                .findFirst();
    }

    private static List<SettingLine> inner(String outer, JsonNode properties) {
        List<SettingLine> lines = new ArrayList<>();
        properties.properties().forEach(entry -> {
            ObjectNode schema = (ObjectNode) entry.getValue();
            String literal = schema.has("default") ? schema.path("default").toString() : "";
            lines.add(new SettingLine(
                    outer + "." + entry.getKey(),
                    "",
                    literal,
                    schema.path("description").asText()));
        });
        return lines;
    }

    String markdown() {
        return "| `" + name + "` | " + escaped(type) + " | "
                + (byDefault.isEmpty() ? "" : "`" + escaped(byDefault) + "`") + " | " + escaped(meaning) + " |";
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|");
    }
}
