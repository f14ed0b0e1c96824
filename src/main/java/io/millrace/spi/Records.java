package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/** The room that a source fills in one {@link Source#read}. Confined to that call. */
public final class Records {
    /**
     * One record.
     *
     * @param value what the source yielded; for a bad one, as much of it as there is
     * @param position where it stands in the source: a line number, a byte offset, an ordinal; as the source documents
     * @param failure why it is bad, or null
     */
    public record Entry(
            JsonNode value,
            long position,
            @org.jspecify.annotations.Nullable Failure failure) {}

    private final int capacity;
    private final List<Entry> entries;

    public Records(int capacity) {
        this.capacity = capacity;
        this.entries = new ArrayList<>(capacity);
    }

    /** How many more records may be added. */
    public int room() {
        return capacity - entries.size();
    }

    public boolean isFull() {
        return room() <= 0;
    }

    public void add(JsonNode value, long position) {
        entries.add(new Entry(value, position, null));
    }

    /** A record that cannot be used becomes one dead letter; the others go on. */
    public void bad(JsonNode raw, long position, Failure failure) {
        entries.add(new Entry(raw.isMissingNode() ? MissingNode.getInstance() : raw, position, failure));
    }

    /** What was added, in order. */
    public List<Entry> entries() {
        return entries;
    }
}
