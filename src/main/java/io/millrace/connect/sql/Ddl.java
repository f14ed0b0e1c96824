package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Statements to propose to the user. Types can only be guessed: from values, or where there are none yet, text. */
final class Ddl {
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final Pattern TIMESTAMP =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:?\\d\\d)?");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

    private Ddl() {}

    static String createTable(Target target) {
        Map<String, String> columns = new LinkedHashMap<>();
        target.key().forEach(key -> columns.put(key, "text NOT NULL"));
        target.columns()
                .forEach((name, template) ->
                        columns.put(name, type(template) + (target.key().contains(name) ? " NOT NULL" : "")));
        String lines = columns.entrySet().stream()
                .map(column -> "  " + name(column.getKey()) + " " + column.getValue() + ",\n")
                .collect(Collectors.joining());
        String key = target.key().isEmpty() ? "" : "  PRIMARY KEY (" + names(target.key()) + ")\n";
        String rest =
                target.columns().isEmpty() ? "  -- one column for each field of your documents: name type,\n" : "";
        String body = lines + rest + key;
        return "CREATE TABLE " + target.table() + " (\n" + (key.isEmpty() ? body.replaceFirst(",\n$", "\n") : body)
                + ");";
    }

    static String addColumn(Table table, String column, String type) {
        return "ALTER TABLE " + table.name() + " ADD COLUMN " + name(column) + " " + type + ";";
    }

    static String uniqueIndex(Table table, List<String> key) {
        return "CREATE UNIQUE INDEX ON " + table.name() + " (" + names(key) + ");";
    }

    private static String type(Template template) {
        return template.isLiteral() ? type(template.source()) : "text";
    }

    /** The type of a column that could hold the value. */
    static String type(JsonNode value) {
        if (value.isBoolean()) {
            return "boolean";
        }
        if (value.isIntegralNumber()) {
            return value.canConvertToLong() ? "bigint" : "numeric";
        }
        if (value.isNumber()) {
            return "numeric";
        }
        return value.isContainerNode() ? "jsonb" : textual(value.asText());
    }

    private static String textual(String text) {
        if (TIMESTAMP.matcher(text).matches()) {
            return "timestamptz";
        }
        return DATE.matcher(text).matches() ? "date" : "text";
    }

    private static String names(List<String> columns) {
        return columns.stream().map(Ddl::name).collect(Collectors.joining(", "));
    }

    private static String name(String column) {
        return PLAIN.matcher(column).matches() ? column : Table.quote(column);
    }
}
