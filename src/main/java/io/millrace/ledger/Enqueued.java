package io.millrace.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row for a stage's queue.
 *
 * @param unique the row is dropped if this value was enqueued for the stage before, in this run; null: it is not asked
 * @param keep with {@code unique}: the row is dropped also if the value is remembered from another run of the flow; and it will be remembered for so long
 *     once the row is done without a dead letter. Null: this run only
 * @param bucket 0 to 255, of the row's key; {@link #NO_KEY} without one
 * @param delay before it can be claimed
 */
public record Enqueued(
        String stage,
        JsonNode document,
        ObjectNode meta,
        @Nullable UUID unique,
        @Nullable Duration keep,
        int bucket,
        Duration delay) {
    public static final int NO_KEY = -1;

    public Enqueued(String stage, JsonNode document, ObjectNode meta) {
        this(stage, document, meta, null, null, NO_KEY, Duration.ZERO);
    }
}
