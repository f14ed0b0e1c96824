package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Writes rows: one statement where all set the same columns, else one for each set of columns in a transaction.
 *
 * <p><b>Isolation.</b> When the server refuses the data, a transaction halves the rows under savepoints until those at fault stand
 * alone. Constraints are made immediate, so none is left to fail at COMMIT; rejections are told after it, for until then the batch may still
 * be written anew. Two rows whose keys only the server sees to be equal ("affect row a second time") come apart here as well.
 * 500 rows: 1 bad costs some 20 statements, 50 bad some 500.
 */
final class Writer {
    private static final int ATTEMPTS = 8;

    private final Vertx vertx;
    private final Lanes lanes;
    private final Table table;
    private final Target target;
    private final Map<BitSet, Statement> statements = new ConcurrentHashMap<>();

    Writer(Vertx vertx, Lanes lanes, Table table, Target target) {
        this.vertx = vertx;
        this.lanes = lanes;
        this.table = table;
        this.target = target;
    }

    /** Writes the rows; those that cannot be written are put into the map, by their documents' places in the batch. */
    Future<Void> write(List<NewRow> rows, Map<Integer, Failure> rejected) {
        return rows.isEmpty()
                ? Future.succeededFuture()
                : repeated(1, () -> once(rows, rejected))
                        .recover(thrown -> Future.failedFuture(SqlFailures.of(thrown)));
    }

    private Future<Void> once(List<NewRow> rows, Map<Integer, Failure> rejected) {
        Map<BitSet, List<NewRow>> groups = RowReader.byColumns(rows);
        Future<Void> written = groups.size() == 1
                ? lanes.shared(connection -> execute(connection, rows)).future()
                : lanes.alone(connection -> transaction(connection, all(connection, groups)))
                        .future();
        return written.recover(
                thrown -> SqlFailures.refused(thrown) ? isolate(groups, rejected) : Future.failedFuture(thrown));
    }

    /** Serialization failures and deadlocks: the same once more, after a short, growing, random pause. */
    private Future<Void> repeated(int attempt, java.util.function.Supplier<Future<Void>> write) {
        return write.get().recover(thrown -> {
            if (attempt >= ATTEMPTS || !SqlFailures.again(thrown)) {
                return Future.failedFuture(thrown);
            }
            long pause = 1 + ThreadLocalRandom.current().nextLong(5L << attempt);
            return vertx.timer(pause, TimeUnit.MILLISECONDS).compose(done -> repeated(attempt + 1, write));
        });
    }

    private Future<Void> execute(PgConnection connection, List<NewRow> rows) {
        Statement statement =
                statements.computeIfAbsent(rows.get(0).columns(), set -> Statement.of(table, target, set));
        return connection
                .preparedQuery(statement.sql())
                .execute(statement.arrays(rows))
                .mapEmpty();
    }

    private java.util.function.Supplier<Future<Void>> all(PgConnection connection, Map<BitSet, List<NewRow>> groups) {
        return () -> {
            Future<Void> done = Future.succeededFuture();
            for (List<NewRow> group : groups.values()) {
                done = done.compose(before -> execute(connection, group));
            }
            return done;
        };
    }

    private static Future<Void> transaction(PgConnection connection, java.util.function.Supplier<Future<Void>> work) {
        return run(connection, "BEGIN")
                .compose(begun -> work.get())
                .compose(done -> run(connection, "COMMIT"))
                .recover(thrown -> run(connection, "ROLLBACK").transform(rolledBack -> Future.failedFuture(thrown)));
    }

    private Future<Void> isolate(Map<BitSet, List<NewRow>> groups, Map<Integer, Failure> rejected) {
        Map<Integer, Failure> bad = new ConcurrentHashMap<>();
        return lanes.alone(connection -> transaction(connection, () -> {
                    Future<Void> done = run(connection, "SET CONSTRAINTS ALL IMMEDIATE");
                    for (List<NewRow> group : groups.values()) {
                        done = done.compose(before -> halve(connection, group, bad));
                    }
                    return done;
                }))
                .future()
                .onSuccess(committed -> rejected.putAll(bad));
    }

    private Future<Void> halve(PgConnection connection, List<NewRow> rows, Map<Integer, Failure> bad) {
        return run(connection, "SAVEPOINT part")
                .compose(set -> execute(connection, rows))
                .compose(written -> run(connection, "RELEASE part"))
                .recover(thrown -> SqlFailures.refused(thrown)
                        ? run(connection, "ROLLBACK TO part; RELEASE part")
                                .compose(back -> halves(connection, rows, thrown, bad))
                        : Future.failedFuture(thrown));
    }

    private Future<Void> halves(
            PgConnection connection, List<NewRow> rows, Throwable thrown, Map<Integer, Failure> bad) {
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

    private static Future<Void> run(PgConnection connection, String sql) {
        return connection.query(sql).execute().mapEmpty();
    }

    /** The server's reason, with the column named whose value it repeats. */
    private Failure failure(NewRow row, Throwable thrown) {
        Failure failure = SqlFailures.of(thrown);
        String column = thrown instanceof PgException pg && pg.getColumn() == null ? culprit(row, failure) : "";
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
