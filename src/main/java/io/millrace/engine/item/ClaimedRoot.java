package io.millrace.engine.item;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A row of a queue that this process has claimed, and all that it becomes. It goes by the name of the record that it once came from. */
public final class ClaimedRoot extends DurableRoot {
    private final long row;
    private final String id;
    private final String source;
    private final int attempts;
    private final Duration spent;
    private Duration delay = Duration.ZERO;
    private @Nullable ObjectNode changed;
    private final int bucket;
    private final IntConsumer left;

    /**
     * @param row its id in the queue
     * @param bucket of its key; below 0 without one
     * @param meta {@code id} and {@code source} of the item that was enqueued
     * @param left told when it is done with: of the bucket, or -1 if the row stays
     */
    public ClaimedRoot(Origin origin, long row, int bucket, ObjectNode meta, Keeper keeper, IntConsumer left) {
        super(origin, row, NullNode.getInstance(), keeper, null);
        this.row = row;
        this.bucket = bucket;
        this.left = left;
        this.id = meta.path("id").asText(origin.stage() + "-" + row);
        this.attempts = meta.path("attempts").asInt();
        this.spent = Duration.ofMillis(meta.path("spentMs").asLong());
        this.source = meta.path("source").asText(origin.stage());
    }

    public long row() {
        return row;
    }

    public boolean hasKey() {
        return bucket >= 0;
    }

    @Override
    public void finished(Settling settling) {
        super.finished(settling);
        left.accept(isAbandoned() ? -1 : bucket);
    }

    @Override
    public void record(Item item) {
        super.record(item);
        item.goOn(attempts, spent);
    }

    /** Whether the item is the row itself, and not what has become of it. */
    public boolean isRow(Item item) {
        return record() == item;
    }

    /** Gives the row back: its stage failed, and tries it again after a while, in whatever process claims it then. */
    public void comeBack(Item item, Duration wait, long now) {
        delay = wait;
        changed = item.origin()
                .put("attempts", item.attempts())
                .put("spentMs", item.age(now).plus(wait).toMillis());
        abandon();
    }

    /** Before it may be claimed again. */
    public Duration delay() {
        return delay;
    }

    /** What is to be kept with the row in the place of what was; null: nothing else. */
    public @Nullable ObjectNode changed() {
        return changed;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String source() {
        return source;
    }
}
