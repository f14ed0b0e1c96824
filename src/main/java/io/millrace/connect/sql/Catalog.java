package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads what the server knows of a table. */
final class Catalog {
    private static final String FIND = "SELECT to_regclass($1)::text, to_regclass($1)::oid::bigint";

    /** Columns with the type beneath their domain. */
    private static final String COLUMNS = """
            SELECT a.attname::text, a.attgenerated::text = '' AND a.attidentity::text <> 'a', %s
            FROM pg_attribute a
            JOIN LATERAL (
              WITH RECURSIVE d AS (
                SELECT oid, typtype, typbasetype FROM pg_type WHERE oid = a.atttypid
                UNION ALL
                SELECT p.oid, p.typtype, p.typbasetype FROM d JOIN pg_type p ON d.typtype = 'd' AND p.oid = d.typbasetype)
              SELECT oid FROM d WHERE typtype <> 'd') base ON true
            JOIN pg_type t ON t.oid = base.oid
            WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum""".formatted(PgType.PARTS);

    private static final String UNIQUES = """
            SELECT ARRAY(SELECT a.attname::text FROM generate_series(0, i.indnkeyatts - 1) n
                         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n])
            FROM pg_index i
            WHERE i.indrelid = $1::bigint::oid AND i.indisunique AND i.indisvalid AND i.indimmediate
              AND i.indpred IS NULL AND i.indexprs IS NULL""";

    /** But for what is of no use to a flow: the server's own, and those of the state. */
    private static final String TABLES =
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'millrace')"
                    + " AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1 LIMIT 1000";

    private final PgConnection connection;

    Catalog(PgConnection connection) {
        this.connection = connection;
    }

    /** The table; fails with tables of a similar name and the DDL that would make it. */
    Future<Table> table(Target target) {
        return connection.preparedQuery(FIND).execute(Tuple.of(target.table())).compose(found -> {
            Row row = found.iterator().next();
            return row.getString(0) == null ? missing(target) : describe(row.getString(0), row.getLong(1));
        });
    }

    private Future<Table> describe(String name, long oid) {
        Tuple id = Tuple.of(oid);
        Future<RowSet<Row>> columns = connection.preparedQuery(COLUMNS).execute(id);
        Future<RowSet<Row>> uniques = connection.preparedQuery(UNIQUES).execute(id);
        return Future.all(columns, uniques).map(done -> table(name, columns.result(), uniques.result()));
    }

    private static Table table(String name, RowSet<Row> columns, RowSet<Row> uniques) {
        List<Set<String>> keys = new ArrayList<>();
        uniques.forEach(row -> keys.add(new HashSet<>(List.of(row.getArrayOfStrings(0)))));
        Table table = new Table(name, keys);
        columns.forEach(row -> table.add(
                row.getString(0), PgType.of(row.getString(2), row.getString(3), row.getString(4)), row.getBoolean(1)));
        return table;
    }

    private Future<Table> missing(Target target) {
        return connection.query(TABLES).execute().compose(rows -> {
            List<String> names = new ArrayList<>();
            rows.forEach(row -> names.add(row.getString(0)));
            return Future.failedFuture(Failure.of(
                    Kind.REJECTED,
                    "there is no table " + target.table() + Names.near(target.table(), names) + ". Create it, as by:\n"
                            + Ddl.createTable(target)));
        });
    }
}
