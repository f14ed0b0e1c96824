package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a query page after page by {@code key > last}: no connection is held between pages, and a lost one only costs time. */
final class KeysetSource implements Source {
    private static final int PAGE = 1000;
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** A server that is away for longer fails the run. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Vertx vertx;
    private final Query first;
    private final Query next;
    private final List<JsonNode> params;
    private final String key;
    private @Nullable JsonNode last;
    private long position;
    private boolean closed;

    KeysetSource(Vertx vertx, Lanes lanes, String sql, List<JsonNode> params, String key) {
        this.vertx = vertx;
        this.params = params;
        this.key = key;
        SqlText text = SqlText.of(sql);
        String from = "SELECT * FROM (" + text.text() + "\n) AS q";
        String column = "q.\"" + key.replace("\"", "\"\"") + "\"";
        String page = " ORDER BY " + column + " LIMIT $" + (params.size() + 1);
        this.first = new Query(lanes, from + page);
        this.next = new Query(lanes, from + " WHERE " + column + " > $" + (params.size() + 2) + page);
    }

    @Override
    public Future<Void> open() {
        return Rehome.here(first.prepare())
                .recover(thrown -> Future.failedFuture(SqlFailures.of(thrown, first.sql())))
                .mapEmpty();
    }

    @Override
    public Future<Boolean> read(Records into) {
        int size = Math.min(PAGE, into.room());
        return Rehome.here(page(size, System.nanoTime())).map(rows -> add(rows, size, into));
    }

    /** One row more than wanted, to see whether the key is unique and whether this is the end. */
    private Future<RowSet<Row>> page(int size, long since) {
        List<JsonNode> values = new ArrayList<>(params);
        values.add(com.fasterxml.jackson.databind.node.IntNode.valueOf(size + 1));
        if (last != null) {
            values.add(last);
        }
        return (last == null ? first : next).run(values).recover(thrown -> again(thrown, size, since));
    }

    private Future<RowSet<Row>> again(Throwable thrown, int size, long since) {
        boolean wait = thrown instanceof Failure failure
                && failure.retryable()
                && !closed
                && System.nanoTime() - since < PATIENCE.toNanos();
        return wait
                ? vertx.timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS).compose(done -> page(size, since))
                : Future.failedFuture(thrown);
    }

    private boolean add(RowSet<Row> rows, int size, Records into) {
        String[] names = FromSql.names(rows);
        int count = 0;
        for (Row row : rows) {
            ObjectNode json = FromSql.row(row, names);
            JsonNode value = keyOf(json);
            if (count++ < size) {
                into.add(json, position++);
                last = value;
            }
        }
        return rows.size() > size;
    }

    private JsonNode keyOf(ObjectNode row) {
        JsonNode value = row.path(key);
        if (value.isNull() || value.isMissingNode()) {
            throw bad("is null in a row");
        }
        if (value.equals(last)) {
            throw bad("is not unique: " + ToSql.shown(value) + " comes twice");
        }
        return value;
    }

    private Failure bad(String what) {
        return Failure.of(
                Kind.BAD_DATA,
                "key \"" + key + "\" " + what + ". Take a column that is unique and not null, or leave \"key\" out.");
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }
}
