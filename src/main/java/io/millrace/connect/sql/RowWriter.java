package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes rows on a connection that others have chosen, and within a transaction tells the bad ones from the good.
 *
 * <p><b>Isolation.</b> The rows are halved under savepoints until those at fault stand alone. Constraints are made immediate, so none is
 * left to fail at COMMIT. Two rows whose keys only the server sees to be equal ("affect row a second time") come apart here as well.
 * 500 rows: 1 bad costs some 20 statements, 50 bad some 500.
 */
final class RowWriter {
    private final Table table;
    private final Target target;
    private final Map<BitSet, Statement> statements = new ConcurrentHashMap<>();

    RowWriter(Table table, Target target) {
        this.table = table;
        this.target = target;
    }

    /** Rows that set the same columns, by one statement. */
    Future<Void> execute(SqlConnection connection, List<NewRow> rows) {
        Statement statement =
                statements.computeIfAbsent(rows.get(0).columns(), set -> Statement.of(table, target, set));
        return connection
                .preparedQuery(statement.sql())
                .execute(statement.arrays(rows))
                .mapEmpty();
    }

    /** All groups, one after another: to be called in a transaction. */
    Future<Void> all(SqlConnection connection, Map<BitSet, List<NewRow>> groups) {
        List<Future<Void>> sent = new ArrayList<>(groups.size());
        groups.values().forEach(group -> sent.add(execute(connection, group)));
        return first(sent);
    }

    /** Writes what the server takes; the rest is told to {@code bad}. To be called in a transaction. */
    Future<Void> isolate(SqlConnection connection, Map<BitSet, List<NewRow>> groups, Map<Integer, Failure> bad) {
        Future<Void> done = immediate(connection);
        for (List<NewRow> group : groups.values()) {
            done = done.compose(before -> halve(connection, group, bad));
        }
        return done;
    }

    private Future<Void> halve(SqlConnection connection, List<NewRow> rows, Map<Integer, Failure> bad) {
        return first(List.of(
                        run(connection, "SAVEPOINT part"), execute(connection, rows), run(connection, "RELEASE part")))
                .recover(thrown -> SqlFailures.refused(thrown)
                        ? run(connection, "ROLLBACK TO part; RELEASE part")
                                .compose(back -> halves(connection, rows, thrown, bad))
                        : Future.failedFuture(thrown));
    }

    private Future<Void> halves(
            SqlConnection connection, List<NewRow> rows, Throwable thrown, Map<Integer, Failure> bad) {
        if (rows.size() > 1) {
            int half = rows.size() / 2;
            return halve(connection, rows.subList(0, half), bad)
                    .compose(left -> halve(connection, rows.subList(half, rows.size()), bad));
        }
        NewRow row = rows.get(0);
        bad.put(row.index(), failure(row, thrown));
        // What it had replaced is good perhaps, and stands then.
        return row.before() == null
                ? Future.succeededFuture()
                : halve(connection, List.of(Objects.requireNonNull(row.before())), bad);
    }

    static Future<Void> immediate(SqlConnection connection) {
        return run(connection, "SET CONSTRAINTS ALL IMMEDIATE");
    }

    static Future<Void> run(SqlConnection connection, String sql) {
        return connection.query(sql).execute().mapEmpty();
    }

    /** Of statements sent one behind the other the first that failed: those behind it fail only because of it. */
    static Future<Void> first(List<Future<Void>> sent) {
        return Future.join(sent)
                .transform(
                        all -> sent.stream().filter(Future::failed).findFirst().orElse(Future.succeededFuture()));
    }

    /** The server's reason, with the column named whose value it repeats. */
    private Failure failure(NewRow row, Throwable thrown) {
        Failure failure = SqlFailures.of(thrown);
        String column = thrown instanceof PgException pg && pg.getColumn() == null ? culprit(row, failure) : "";
        return told(column, failure, thrown);
    }

    /** A failure of the table as a whole. */
    Failure failure(Throwable thrown) {
        return told("", SqlFailures.of(thrown), thrown);
    }

    private Failure told(String column, Failure failure, Throwable thrown) {
        return Failure.build(failure.kind(), "table " + table.name() + column + ": " + failure.message())
                .code(failure.code())
                .cause(thrown)
                .done();
    }

    private String culprit(NewRow row, Failure failure) {
        for (Table.Column column : table.columns()) {
            Object value = row.values()[column.index()];
            if (value instanceof String text && failure.message().contains("\"" + text + "\"")) {
                return ", " + column.label() + " (" + column.type() + ")";
            }
        }
        return "";
    }
}
