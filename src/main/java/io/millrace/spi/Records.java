package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The room that a source fills in one {@link Source#read}. Confined to that call. */
public final class Records {
    /**
     * One record.
     *
     * @param value what the source yielded; for a bad one, as much of it as there is
     * @param position where it stands in the source: a line number, a byte offset, an ordinal; as the source documents
     * @param failure why it is bad, or null
     * @param caller who waits for what becomes of it, or null
     * @param token what names it for good, as {@link Replayable} says, or null
     */
    public record Entry(
            JsonNode value,
            long position,
            @Nullable Failure failure,
            @Nullable Caller caller,
            @Nullable JsonNode token) {}

    private final int capacity;
    private final JsonNode[] values;
    private final long[] positions;
    private @Nullable Failure @Nullable [] failures;
    private @Nullable Caller @Nullable [] callers;
    private final @Nullable JsonNode @Nullable [] tokens;
    private int size;

    public Records(int capacity) {
        this(capacity, false);
    }

    /** @param tokens whether records of a {@link Replayable} source are to be added with their tokens */
    public Records(int capacity, boolean tokens) {
        this.capacity = capacity;
        this.values = new JsonNode[capacity];
        this.positions = new long[capacity];
        this.tokens = tokens ? new JsonNode[capacity] : null;
    }

    /** Whether tokens are kept: if not, there is no need to make them. */
    public boolean wantsTokens() {
        return tokens != null;
    }

    /** How many more records may be added. */
    public int room() {
        return capacity - size;
    }

    public boolean isFull() {
        return room() <= 0;
    }

    /** Adds a record. Throws if there is no room. */
    public void add(JsonNode value, long position) {
        values[size] = value;
        positions[size] = position;
        size++;
    }

    /** Adds a record with the token that names it for good; null where none is wanted. Throws if there is no room. */
    public void add(JsonNode value, long position, @Nullable JsonNode token) {
        keep(token);
        add(value, position);
    }

    private void keep(@Nullable JsonNode token) {
        if (tokens != null) {
            tokens[size] = token;
        }
    }

    /** Adds a record for which somebody waits: they are told what becomes of it. Throws if there is no room. */
    public void add(JsonNode value, long position, Caller caller) {
        if (callers == null) {
            callers = new Caller[capacity];
        }
        callers[size] = caller;
        add(value, position);
    }

    /** A record that cannot be used becomes one dead letter; the others go on. */
    public void bad(JsonNode raw, long position, Failure failure) {
        if (failures == null) {
            failures = new Failure[capacity];
        }
        failures[size] = failure;
        add(raw, position);
    }

    /** A bad record with its token; null where none is wanted. */
    public void bad(JsonNode raw, long position, @Nullable JsonNode token, Failure failure) {
        keep(token);
        bad(raw, position, failure);
    }

    /** One that was added is not to be used after all: it becomes a dead letter. */
    public void spoil(int index, Failure failure) {
        if (failures == null) {
            failures = new Failure[capacity];
        }
        failures[index] = failure;
    }

    /** Adds one of others, as it is. */
    public void addFrom(Records others, int index) {
        Failure failure = others.failure(index);
        if (failure == null) {
            add(others.values[index], others.positions[index], others.token(index));
        } else {
            bad(others.values[index], others.positions[index], others.token(index), failure);
        }
    }

    public int size() {
        return size;
    }

    public JsonNode value(int index) {
        return values[index];
    }

    public long position(int index) {
        return positions[index];
    }

    /** Why the record is bad, or null. */
    public @Nullable Failure failure(int index) {
        return failures == null ? null : failures[index];
    }

    /** Who waits for what becomes of the record, or null. */
    public @Nullable Caller caller(int index) {
        return callers == null ? null : callers[index];
    }

    /** What names the record for good, or null. */
    public @Nullable JsonNode token(int index) {
        return tokens == null ? null : tokens[index];
    }

    /** What was added, in order. */
    public List<Entry> entries() {
        return IntStream.range(0, size)
                .mapToObj(i -> new Entry(values[i], positions[i], failure(i), caller(i), token(i)))
                .toList();
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(values, size));
    }
}
