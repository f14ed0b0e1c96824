package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement with parameters that are given as JSON. The server is asked once which types it has found for them; what pg-client has
 * no exact encoding for then travels as text, by {@code ($2::text::timestamptz)} in place of {@code $2}. The server's own parser
 * reads it: it knows enums, ranges, domains' bases and extensions, and its errors name the value.
 */
final class Query {
    /** What the server knows of the statement that was just prepared on this connection. */
    private static final String TYPES = "SELECT " + PgType.PARTS
            + " FROM pg_prepared_statements s, unnest(s.parameter_types) WITH ORDINALITY p(oid, n) JOIN pg_type t ON t.oid = p.oid"
            + " WHERE s.name = (SELECT max(name) FROM pg_prepared_statements WHERE statement = $1) ORDER BY n";

    /** The statement as it is sent. */
    record Prepared(String sql, List<PgType> types) {}

    private final Lanes lanes;
    private final SqlText text;
    private volatile @Nullable Future<Prepared> prepared;

    Query(Lanes lanes, String sql) {
        this.lanes = lanes;
        this.text = SqlText.of(sql);
        if (text.params() == 0) {
            prepared = Future.succeededFuture(new Prepared(text.text(), List.of()));
        }
    }

    String sql() {
        return text.text();
    }

    /** Asks for the types, once; a failure is not remembered. */
    Future<Prepared> prepare() {
        Future<Prepared> known = prepared;
        if (known == null) {
            known = lanes.shared(this::types).future();
            prepared = known;
            known.onFailure(thrown -> prepared = null);
        }
        return known;
    }

    /** The values, ready to be sent. Throws {@link Failure} BAD_DATA. */
    Tuple tuple(Prepared of, List<JsonNode> params) {
        if (params.size() != of.types().size()) {
            throw Failure.badData(
                    "the query has " + of.types().size() + " parameters, \"params\" has " + params.size());
        }
        List<Object> values = new ArrayList<>(params.size());
        for (int i = 0; i < params.size(); i++) {
            values.add(ToSql.value(params.get(i), of.types().get(i), "$" + (i + 1)));
        }
        return Tuple.wrap(values);
    }

    /** Starts the statement. */
    Call<RowSet<Row>> start(Prepared of, Tuple tuple) {
        return lanes.shared(connection -> connection.preparedQuery(of.sql()).execute(tuple));
    }

    /** Runs it on a connection that the caller has to itself: in a transaction, which may know tables that nobody else does. */
    Future<RowSet<Row>> on(PgConnection connection, List<JsonNode> params) {
        Future<Prepared> known = prepared;
        Future<Prepared> ready = known != null && known.succeeded() ? known : types(connection);
        return ready.recover(thrown -> Future.failedFuture(SqlFailures.of(thrown, sql())))
                .compose(of -> connection
                        .preparedQuery(of.sql())
                        .execute(tuple(of, params))
                        .recover(thrown -> Future.failedFuture(failure(thrown, of, params))));
    }

    /** Prepares and runs it. */
    Future<RowSet<Row>> run(List<JsonNode> params) {
        return prepare()
                .compose(ready -> start(ready, tuple(ready, params))
                        .future()
                        .recover(thrown -> Future.failedFuture(failure(thrown, ready, params))))
                .recover(thrown -> Future.failedFuture(SqlFailures.of(thrown, sql())));
    }

    /** The failure, with the parameter named whose value the server repeats. */
    Failure failure(Throwable thrown, Prepared of, List<JsonNode> params) {
        Failure failure = SqlFailures.of(thrown, of.types().isEmpty() ? sql() : null);
        if (failure.kind() != Failure.Kind.BAD_DATA || !(thrown instanceof PgException)) {
            return failure;
        }
        for (int i = 0; i < params.size(); i++) {
            JsonNode value = params.get(i);
            if (value.isTextual() && failure.message().endsWith("\"" + value.textValue() + "\"")) {
                return Failure.build(
                                failure.kind(),
                                "$" + (i + 1) + " is " + of.types().get(i) + ", got " + ToSql.shown(value) + ": "
                                        + failure.message())
                        .code(failure.code())
                        .cause(thrown)
                        .done();
            }
        }
        return failure;
    }

    private Future<Prepared> types(PgConnection connection) {
        return connection
                .prepare(text.text())
                .compose(statement -> connection
                        .preparedQuery(TYPES)
                        .execute(Tuple.of(text.text()))
                        .map(this::rewritten)
                        .eventually(statement::close));
    }

    private Prepared rewritten(RowSet<Row> rows) {
        List<PgType> types = new ArrayList<>();
        rows.forEach(row -> types.add(PgType.of(row.getString(0), row.getString(1), row.getString(2))));
        return new Prepared(text.with(number -> place(number, types)), List.copyOf(types));
    }

    private static String place(int number, List<PgType> types) {
        PgType type = types.get(number - 1);
        return type.wire() == PgType.Wire.CAST ? "(" + type.cast("$" + number + "::text") + ")" : "$" + number;
    }
}
