package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** One item's message on its way, and the reply that it waits for. On the event loop of its step. */
final class Request {
    final byte[] payload;
    private final Promise<JsonNode> result = Promise.promise();
    private @Nullable Connection connection;
    private @Nullable Pool pool;
    private boolean over;

    Request(byte[] payload) {
        this.payload = payload;
    }

    Future<JsonNode> result() {
        return result.future();
    }

    /** Whether nobody waits for its reply any more. */
    boolean isOver() {
        return over;
    }

    void in(Pool of) {
        pool = of;
    }

    void sentOn(Connection by) {
        connection = by;
    }

    void succeed(JsonNode value) {
        if (!over) {
            over = true;
            result.complete(value);
        }
    }

    void fail(Failure failure) {
        if (!over) {
            over = true;
            result.fail(failure);
        }
    }

    /** Nobody waits for it any more; completes when nothing of it is left to disturb others. */
    Future<Void> cancel() {
        if (over) {
            return Future.succeededFuture();
        }
        fail(Failure.of(Failure.Kind.CANCELLED, "cancelled"));
        if (connection != null) {
            return connection.abandoned();
        }
        if (pool != null) {
            pool.withdraw(this);
        }
        return Future.succeededFuture();
    }
}
