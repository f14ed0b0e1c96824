package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.connect.sql.SqlSinkType.Mode;
import io.millrace.spi.Batch;
import io.millrace.spi.Failure;
import io.millrace.spi.Variables;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes rows of documents: names to columns, values to types, equal keys to one row. */
final class RowReader {
    private static final String NO_KEY = "\0";

    private final Table table;
    private final Target target;
    private final List<Table.Column> key;

    RowReader(Table table, Target target) {
        this.table = table;
        this.target = target;
        this.key = target.key().stream()
                .map(name -> Objects.requireNonNull(table.column(name)))
                .toList();
    }

    /** The rows of the batch, those of one key as one, in the order of their keys; documents that cannot be rows are told to the other. */
    List<NewRow> rows(Batch batch, Map<Integer, Failure> rejected) {
        List<ObjectNode> documents = batch.documents();
        List<NewRow> rows = new ArrayList<>(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            try {
                rows.add(row(i, documents.get(i), target.columns().isEmpty() ? null : batch.variables(i)));
            } catch (Failure failure) {
                rejected.put(i, failure);
            }
        }
        return ordered(rows);
    }

    /** Those of one key as one, in the order of their keys. The list becomes this method's own. */
    List<NewRow> ordered(List<NewRow> rows) {
        List<NewRow> distinct = target.mode().byKey() ? distinct(rows) : rows;
        if (!key.isEmpty()) {
            distinct.sort(NewRow::byKey); // all writers lock rows in one order
        }
        return distinct;
    }

    /** The row of one document. Throws a failure if it cannot be one. */
    NewRow row(ObjectNode document, Variables variables) {
        return row(0, document, target.columns().isEmpty() ? null : variables);
    }

    private static List<NewRow> distinct(List<NewRow> rows) {
        Map<List<Object>, NewRow> byKey = new HashMap<>(rows.size() * 2);
        rows.forEach(row -> byKey.merge(row.key(), row, (before, after) -> after.over(before)));
        Collection<NewRow> left = byKey.size() == rows.size() ? rows : byKey.values();
        return new ArrayList<>(left);
    }

    private NewRow row(int index, ObjectNode document, @Nullable Variables variables) {
        @Nullable Object[] values = new Object[table.columns().size()];
        BitSet set = new BitSet(values.length);
        if (target.mode() == Mode.DELETE) {
            key.forEach(column -> set(column, value(document, column, variables), values, set));
        } else if (variables == null) {
            for (Map.Entry<String, JsonNode> field : document.properties()) {
                set(column(field.getKey(), field.getValue()), field.getValue(), values, set);
            }
        } else {
            target.columns()
                    .forEach((name, template) -> set(
                            Objects.requireNonNull(table.column(name)),
                            template.eval(document, variables),
                            values,
                            set));
        }
        if (set.isEmpty()) {
            throw Failure.badData("the document has no fields, so there is nothing to write");
        }
        return new NewRow(index, values, set, key(values), null);
    }

    private JsonNode value(ObjectNode document, Table.Column column, @Nullable Variables variables) {
        var template = target.columns().get(column.name());
        return template == null || variables == null
                ? document.path(column.name())
                : template.eval(document, variables);
    }

    private static void set(Table.Column column, JsonNode value, @Nullable Object[] values, BitSet set) {
        values[column.index()] = ToSql.value(value, column.type(), column.label());
        set.set(column.index());
    }

    private Table.Column column(String name, JsonNode value) {
        Table.Column column = table.column(name);
        if (column == null) {
            throw Failure.badData("table " + table.name() + " has no column \"" + name + "\"; it has "
                    + table.columns().stream().map(Table.Column::name).collect(Collectors.joining(", "))
                    + ". Name what is to be written by \"columns\" or a map step, or: "
                    + Ddl.addColumn(table, name, Ddl.type(value)));
        }
        if (!column.writable()) {
            throw Failure.badData(column.label() + " is generated by the server. Leave it out of the document.");
        }
        return column;
    }

    private List<Object> key(@Nullable Object[] values) {
        if (key.size() == 1) {
            return List.of(part(key.get(0), values));
        }
        List<Object> parts = new ArrayList<>(key.size());
        key.forEach(column -> parts.add(part(column, values)));
        return parts;
    }

    private Object part(Table.Column column, @Nullable Object[] values) {
        Object value = values[column.index()];
        if (value != null) {
            return canonical(value, column.type());
        }
        if (target.mode().byKey()) {
            throw Failure.badData(column.label() + " is part of the key, and has no value");
        }
        return NO_KEY;
    }

    /** Texts that the server takes for the same value become equal. What is overlooked here costs time only: see {@link RowWriter}. */
    private static Object canonical(Object value, PgType type) {
        if (type.wire() != PgType.Wire.CAST) {
            return value;
        }
        String text = ((String) value).trim();
        try {
            return switch (type.name()) {
                case "numeric" -> new BigDecimal(text).stripTrailingZeros();
                case "timestamp with time zone" -> OffsetDateTime.parse(text).toInstant();
                case "uuid" -> text.toLowerCase(Locale.ROOT);
                default -> text;
            };
        } catch (NumberFormatException | DateTimeException e) {
            return text;
        }
    }

    /** Rows that set the same columns, which one statement can write. */
    static Map<BitSet, List<NewRow>> byColumns(List<NewRow> rows) {
        Map<BitSet, List<NewRow>> groups = new LinkedHashMap<>();
        NewRow last = null;
        List<NewRow> group = List.of();
        for (NewRow row : rows) {
            if (last == null || !row.columns().equals(last.columns())) {
                group = groups.computeIfAbsent(row.columns(), columns -> new ArrayList<>());
            }
            group.add(row);
            last = row;
        }
        return groups;
    }
}
