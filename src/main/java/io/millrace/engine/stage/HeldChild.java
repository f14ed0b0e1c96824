package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.Held;
import io.millrace.engine.item.Item;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An item on its way into a queue that is a table. */
public final class HeldChild extends Held {
    private static final int OWN_BYTES = 300;

    private final String stage;
    private final Item item;
    private final @Nullable UUID unique;
    private final @Nullable Duration keep;
    private final int bucket;

    /**
     * @param unique hash of the value that tells items of the queue apart; null: none does
     * @param keep how long that value is remembered across runs
     * @param bucket of the key; -1 without one
     */
    HeldChild(String stage, Item item, @Nullable UUID unique, @Nullable Duration keep, int bucket) {
        this.stage = stage;
        this.item = item;
        this.unique = unique;
        this.keep = keep;
        this.bucket = bucket;
    }

    public String stage() {
        return stage;
    }

    public ObjectNode document() {
        return item.document();
    }

    /** What names the item for good, as {@code $meta} shows it. */
    public ObjectNode meta() {
        return item.origin();
    }

    public @Nullable UUID unique() {
        return unique;
    }

    public @Nullable Duration keep() {
        return keep;
    }

    public int bucket() {
        return bucket;
    }

    @Override
    public long bytes() {
        return OWN_BYTES + item.bytes();
    }
}
