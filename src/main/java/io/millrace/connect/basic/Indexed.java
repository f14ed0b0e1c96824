package io.millrace.connect.basic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A source whose records are known by their index. Position and token: the index, from 0. */
abstract class Indexed implements Replayable {
    private final long count;
    private long next;
    private long end;

    Indexed(long count) {
        this.count = count;
        this.end = count;
    }

    /** The record at the index. */
    abstract JsonNode value(long index);

    /** The fingerprint. */
    abstract ObjectNode now();

    /** What differs from then, but for what was added at the end; without a full stop. */
    abstract Optional<String> difference(ObjectNode then);

    @Override
    public final Future<Boolean> read(Records into) {
        long stop = Math.min(end, next + into.room());
        for (long i = next; i < stop; i++) {
            into.add(value(i), i, into.wantsTokens() ? ExactJson.whole(i) : null);
        }
        next = stop;
        return Future.succeededFuture(next < end);
    }

    @Override
    public final long expected() {
        return count;
    }

    @Override
    public final Future<ObjectNode> fingerprint() {
        return Future.succeededFuture(now());
    }

    @Override
    public final Future<Optional<String>> changed(ObjectNode then, @Nullable JsonNode lowest) {
        return Future.succeededFuture(
                difference(then).map(what -> what + ". Make it as it was, or start over with --fresh."));
    }

    @Override
    public final Future<Void> replay(JsonNode first, JsonNode last) {
        next = Math.min(first.longValue(), count);
        end = Math.min(last.longValue() + 1, count);
        return Future.succeededFuture();
    }

    @Override
    public final Future<Void> resume(@Nullable JsonNode after) {
        next = after == null ? 0 : Math.min(after.longValue() + 1, count);
        end = count;
        return Future.succeededFuture();
    }

    @Override
    public String place(JsonNode token) {
        return String.format(Locale.ROOT, "%,d", token.longValue() + 1);
    }
}
