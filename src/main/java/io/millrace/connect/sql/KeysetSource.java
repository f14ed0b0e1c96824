package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query page after page by {@code key > last}: no connection is held between pages, and a lost one only costs time. Position:
 * the row's ordinal; after a {@link #resume} counted on from the record's. Token: {@code [key, position]}. Rows that are gone are left
 * out; one that comes with a key below the last read is missed, as it would be without a stop.
 */
final class KeysetSource implements Replayable {
    private static final int PAGE = 1000;
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** A server that is away for longer fails the run. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Vertx vertx;
    private final Lanes lanes;
    private final List<JsonNode> params;
    private final String key;
    private final String from;
    private final String column;
    private final Map<String, Query> pages = new HashMap<>();
    private @Nullable JsonNode last;
    private boolean withLast;
    private @Nullable JsonNode end;
    private long position;
    private boolean closed;

    KeysetSource(Vertx vertx, Lanes lanes, String sql, List<JsonNode> params, String key) {
        this.vertx = vertx;
        this.lanes = lanes;
        this.params = params;
        this.key = key;
        this.from = SqlText.of(sql).text();
        this.column = "q.\"" + key.replace("\"", "\"\"") + "\"";
    }

    @Override
    public Future<Void> open() {
        Query first = page();
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
        values.add(IntNode.valueOf(size + 1));
        if (last != null) {
            values.add(last);
        }
        if (end != null) {
            values.add(end);
        }
        return page().run(values).recover(thrown -> again(thrown, size, since));
    }

    /** The query of the next page; there are few, each is prepared once. */
    private Query page() {
        int next = params.size() + 2;
        List<String> bounds = new ArrayList<>();
        if (last != null) {
            bounds.add(column + (withLast ? " >= $" : " > $") + next++);
        }
        if (end != null) {
            bounds.add(column + " <= $" + next);
        }
        String where = bounds.isEmpty() ? "" : " WHERE " + String.join(" AND ", bounds);
        String sql = "SELECT * FROM (" + from + "\n) AS q" + where + " ORDER BY " + column + " LIMIT $"
                + (params.size() + 1);
        return pages.computeIfAbsent(sql, text -> new Query(lanes, text));
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
                into.add(json, position, into.wantsTokens() ? token(value, position) : null);
                position++;
                last = value;
                withLast = false;
            }
        }
        return rows.size() > size;
    }

    private static JsonNode token(JsonNode value, long position) {
        return new ArrayNode(JsonNodeFactory.instance, 2).add(value).add(ExactJson.whole(position));
    }

    private JsonNode keyOf(ObjectNode row) {
        JsonNode value = row.path(key);
        if (value.isNull() || value.isMissingNode()) {
            throw bad("is null in a row");
        }
        if (!withLast && value.equals(last)) {
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
    public Future<ObjectNode> fingerprint() {
        CRC32 crc = new CRC32();
        crc.update(params.toString().getBytes(StandardCharsets.UTF_8));
        ObjectNode now =
                JsonNodeFactory.instance.objectNode().put("query", from).put("key", key);
        now.set("params", ExactJson.whole(crc.getValue()));
        return Future.succeededFuture(now);
    }

    @Override
    public Future<Optional<String>> changed(ObjectNode then, @Nullable JsonNode lowest) {
        return fingerprint()
                .map(now -> Stream.of("query", "params", "key")
                        .filter(name -> !now.path(name).equals(then.path(name)))
                        .findFirst()
                        .map(name -> "The \"" + name + "\" of the sql source is not what it was when the run began."
                                + " Put it back, or start over with --fresh."));
    }

    @Override
    public Future<Void> replay(JsonNode first, JsonNode to) {
        last = first.get(0);
        withLast = true;
        end = to.get(0);
        position = first.path(1).asLong();
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> resume(@Nullable JsonNode after) {
        last = after == null ? null : after.get(0);
        withLast = false;
        end = null;
        position = after == null ? 0 : after.path(1).asLong() + 1;
        return Future.succeededFuture();
    }

    @Override
    public String place(JsonNode token) {
        return key + " " + ToSql.shown(token.path(0));
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }
}
