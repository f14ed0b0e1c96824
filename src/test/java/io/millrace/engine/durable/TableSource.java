package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link Table} in the order of its keys, a few at a time, at once or later. When it is closed, a read under way says that there is no more, as
 * sources do.
 */
final class TableSource implements Replayable {
    private static final int MOST = 12;

    private final Table table;
    private final Chaos chaos;
    private int at;
    private int end = Integer.MAX_VALUE;
    private boolean closed;
    private @Nullable Promise<Boolean> reading;

    TableSource(Table table, Chaos chaos) {
        this.table = table;
        this.chaos = chaos;
    }

    @Override
    public Future<ObjectNode> fingerprint() {
        return chaos.someTime(50)
                .map(later -> JsonNodeFactory.instance.objectNode().put("table", table.stage));
    }

    @Override
    public Future<Optional<String>> changed(ObjectNode then, @Nullable JsonNode lowest) {
        boolean same = then.path("table").asText().equals(table.stage);
        return Future.succeededFuture(same ? Optional.empty() : Optional.of("another table"));
    }

    @Override
    public Future<Void> replay(JsonNode first, JsonNode last) {
        at = first.asInt() - 1;
        end = last.asInt();
        return chaos.someTime(100);
    }

    @Override
    public Future<Void> resume(@Nullable JsonNode after) {
        at = after == null ? 0 : after.asInt();
        end = Integer.MAX_VALUE;
        return chaos.someTime(100);
    }

    @Override
    public Future<Boolean> read(Records into) {
        Promise<Boolean> read = Promise.promise();
        reading = read;
        chaos.someTime(100).onSuccess(now -> {
            if (closed) {
                read.tryComplete(false);
            } else if (chaos.strikes(Chaos.Trouble.SOURCE_BREAKS)) {
                read.tryFail(Failure.of(Failure.Kind.REJECTED, "the source is broken"));
            } else {
                read.tryComplete(fill(into));
            }
        });
        return read.future();
    }

    @Override
    public Future<Void> close() {
        closed = true;
        if (reading != null) {
            reading.tryComplete(false);
        }
        return Future.succeededFuture();
    }

    private boolean fill(Records into) {
        int most = 1 + chaos.random().nextInt(MOST);
        for (int key : table.after(at)) {
            if (key > end || most-- == 0 || into.isFull()) {
                break;
            }
            add(into, key, table.isBad(key));
        }
        Integer next = table.after(at).isEmpty() ? null : table.after(at).first();
        return next != null && next <= end;
    }

    private void add(Records into, int key, boolean bad) {
        at = key;
        ObjectNode document = Table.document(table.stage, key);
        if (bad) {
            into.bad(document, key, IntNode.valueOf(key), Output.death(Failure.Kind.BAD_DATA, table.stage, document));
        } else {
            into.add(document, key, IntNode.valueOf(key));
        }
    }
}
