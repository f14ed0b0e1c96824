package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads one query by a cursor in a read-only transaction, on a connection of its own. */
final class CursorSource implements Source {
    private static final int FETCH = 1000;

    private final Postgres db;
    private final Query query;
    private final List<JsonNode> params;
    private @Nullable PgConnection connection;
    private @Nullable Cursor cursor;
    private long position;

    CursorSource(Postgres db, String sql, List<JsonNode> params) {
        this.db = db;
        this.query = new Query(db.lanes(), sql);
        this.params = params;
    }

    @Override
    public Future<Void> open() {
        return Rehome.here(query.prepare().compose(prepared -> db.line().compose(line -> open(line, prepared))))
                .recover(thrown -> Future.failedFuture(SqlFailures.of(thrown, query.sql())));
    }

    private Future<Void> open(PgConnection line, Query.Prepared prepared) {
        connection = line;
        line.exceptionHandler(thrown -> {}); // told by the read that fails
        return line.query("SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0")
                .execute()
                .compose(set -> line.query("BEGIN READ ONLY").execute())
                .compose(begun -> line.prepare(prepared.sql()))
                .map(statement -> {
                    cursor = statement.cursor(query.tuple(prepared, params));
                    return null;
                });
    }

    @Override
    public Future<Boolean> read(Records into) {
        Cursor open = Objects.requireNonNull(cursor);
        return Rehome.here(open.read(Math.min(FETCH, into.room())))
                .map(rows -> {
                    add(rows, into);
                    return open.hasMore();
                })
                .recover(thrown -> Future.failedFuture(SqlFailures.of(thrown)));
    }

    private void add(RowSet<Row> rows, Records into) {
        String[] names = FromSql.names(rows);
        for (Row row : rows) {
            into.add(FromSql.row(row, names), position++);
        }
    }

    @Override
    public Future<Void> close() {
        PgConnection line = connection;
        if (line == null) {
            return Future.succeededFuture();
        }
        connection = null;
        return db.lanes()
                .within(line.cancelRequest().transform(asked -> line.close()))
                .transform(done -> Future.succeededFuture());
    }
}
