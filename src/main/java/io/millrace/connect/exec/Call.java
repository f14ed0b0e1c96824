package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** One item's line on its way through a co-process. On the event loop of its stage instance. */
final class Call {
    final byte[] line;
    final Promise<JsonNode> result = Promise.promise();
    private @Nullable Coprocess owner;
    private boolean over;

    Call(byte[] line) {
        this.line = line;
    }

    /** The process to which it has gone, or null. */
    @Nullable
    Coprocess owner() {
        return owner;
    }

    void owner(Coprocess process) {
        owner = process;
    }

    /** Whether nobody waits for the answer any more. */
    boolean isOver() {
        return over;
    }

    /** What happens to it now, as a phrase. */
    String doing() {
        return owner == null ? "waiting for room in a co-process" : "waiting for the answer of a co-process";
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
}
