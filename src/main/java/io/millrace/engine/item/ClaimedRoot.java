package io.millrace.engine.item;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A row of a queue that this process has claimed, and all that it becomes. It goes by the name of the record that it once came from. */
public final class ClaimedRoot extends DurableRoot {
    private final long row;
    private final String id;
    private final String source;

    /**
     * @param row its id in the queue
     * @param meta {@code id} and {@code source} of the item that was enqueued
     */
    public ClaimedRoot(Origin origin, long row, ObjectNode meta, Keeper keeper) {
        super(origin, row, NullNode.getInstance(), keeper, null);
        this.row = row;
        this.id = meta.path("id").asText(origin.stage() + "-" + row);
        this.source = meta.path("source").asText(origin.stage());
    }

    public long row() {
        return row;
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
