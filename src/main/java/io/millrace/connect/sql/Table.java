package io.millrace.connect.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table as the server's catalog describes it. */
final class Table {
    /**
     * A column.
     *
     * @param index its place among the columns
     * @param writable false if the server alone gives its value
     * @param label for failures: {@code column "at"}
     */
    record Column(int index, String name, PgType type, boolean writable, String label) {
        String quoted() {
            return quote(name);
        }
    }

    private final String name;
    private final List<Column> columns = new ArrayList<>();
    private final Map<String, Column> byName = new LinkedHashMap<>();
    private final List<Set<String>> uniques;

    /** @param name quoted as statements need it */
    Table(String name, List<Set<String>> uniques) {
        this.name = name;
        this.uniques = uniques;
    }

    void add(String column, PgType type, boolean writable) {
        Column added = new Column(columns.size(), column, type, writable, "column \"" + column + "\"");
        columns.add(added);
        byName.put(column, added);
    }

    String name() {
        return name;
    }

    List<Column> columns() {
        return columns;
    }

    @Nullable
    Column column(String column) {
        return byName.get(column);
    }

    /** Whether a unique index is over these columns, no more and no fewer, so that ON CONFLICT may name them. */
    boolean isUnique(List<String> key) {
        return uniques.contains(Set.copyOf(key));
    }

    static String quote(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
