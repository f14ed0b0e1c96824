package io.millrace.connect.sql;

import io.millrace.connect.sql.SqlSinkType.Mode;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.Array;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One statement for any number of rows that set the same columns: each column travels as one array. Measured at 1.8 times the speed of
 * {@code executeBatch}; and the text is the same for every number of rows, so it is prepared once.
 */
final class Statement {
    private final String sql;
    private final List<Table.Column> columns;

    private Statement(String sql, List<Table.Column> columns) {
        this.sql = sql;
        this.columns = columns;
    }

    static Statement of(Table table, Target target, BitSet set) {
        List<Table.Column> columns = table.columns().stream()
                .filter(column -> set.get(column.index()))
                .toList();
        List<Table.Column> rest = columns.stream()
                .filter(column -> !target.key().contains(column.name()))
                .toList();
        return new Statement(
                switch (target.mode()) {
                    case INSERT, UPSERT, IGNORE -> insert(table, target, columns, rest);
                    case UPDATE -> update(table, target, columns, rest);
                    case DELETE ->
                        "DELETE FROM " + table.name() + " AS t USING " + rows(columns) + " WHERE "
                                + join(target, columns);
                },
                columns);
    }

    private static String insert(Table table, Target target, List<Table.Column> columns, List<Table.Column> rest) {
        return "INSERT INTO " + table.name() + " (" + list(columns, Table.Column::quoted) + ") SELECT "
                + list(columns, Statement::value) + " FROM " + rows(columns) + conflict(target, rest);
    }

    private static String conflict(Target target, List<Table.Column> rest) {
        if (target.mode() == Mode.INSERT) {
            return "";
        }
        String arbiter = target.key().isEmpty()
                ? ""
                : " (" + target.key().stream().map(Table::quote).collect(Collectors.joining(", ")) + ")";
        return " ON CONFLICT" + arbiter
                + (target.mode() == Mode.IGNORE || rest.isEmpty()
                        ? " DO NOTHING"
                        : " DO UPDATE SET " + list(rest, column -> column.quoted() + " = EXCLUDED." + column.quoted()));
    }

    private static String update(Table table, Target target, List<Table.Column> columns, List<Table.Column> rest) {
        String set = rest.isEmpty()
                ? columns.get(0).quoted() + " = " + value(columns.get(0))
                : list(rest, Statement::assigned);
        return "UPDATE " + table.name() + " AS t SET " + set + " FROM " + rows(columns) + " WHERE "
                + join(target, columns);
    }

    private static String assigned(Table.Column column) {
        return column.quoted() + " = " + value(column);
    }

    /** {@code unnest($1::int8[], $2::text[]) AS x(c0, c4)}. */
    private static String rows(List<Table.Column> columns) {
        StringBuilder out = new StringBuilder("unnest(");
        for (int i = 0; i < columns.size(); i++) {
            out.append(i == 0 ? "$" : ", $").append(i + 1).append("::");
            out.append(columns.get(i).type().wire().sql).append("[]");
        }
        return out + ") AS x(" + list(columns, column -> "c" + column.index()) + ")";
    }

    private static String value(Table.Column column) {
        return column.type().cast("x.c" + column.index());
    }

    private static String join(Target target, List<Table.Column> columns) {
        return columns.stream()
                .filter(column -> target.key().contains(column.name()))
                .map(column -> "t." + column.quoted() + " = " + value(column))
                .collect(Collectors.joining(" AND "));
    }

    private static String list(List<Table.Column> columns, Function<Table.Column, String> each) {
        return columns.stream().map(each).collect(Collectors.joining(", "));
    }

    String sql() {
        return sql;
    }

    Tuple arrays(List<NewRow> rows) {
        Tuple tuple = Tuple.tuple();
        for (Table.Column column : columns) {
            Object[] array = (Object[]) Array.newInstance(javaType(column.type().wire()), rows.size());
            int index = column.index();
            for (int i = 0; i < array.length; i++) {
                array[i] = rows.get(i).values()[index];
            }
            tuple.addValue(array);
        }
        return tuple;
    }

    private static Class<?> javaType(PgType.Wire wire) {
        return switch (wire) {
            case BOOL -> Boolean.class;
            case INT2 -> Short.class;
            case INT4 -> Integer.class;
            case INT8 -> Long.class;
            case FLOAT4 -> Float.class;
            case FLOAT8 -> Double.class;
            case TEXT, CAST -> String.class;
        };
    }
}
