package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.queue.Sized;
import io.millrace.spi.Failure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A branch of a root on its way: a document as it enters a stage. The document is not changed any more. */
public final class Item implements Sized {
    private final Root root;
    private final JsonNode value;
    private final String wrap;
    private final long position;
    private final String path;
    private final int from;
    private final @Nullable Item entry;
    private int bytes;
    /** Below 0 while those of other processes alone are counted. */
    private int attempts;

    /** Before the first attempt here: minus the time that was taken elsewhere. */
    private long startedAt;

    private @Nullable Failure lastFailure;

    private Item(Root root, JsonNode value, String wrap, long position, String path, int from, @Nullable Item entry) {
        this.root = root;
        this.entry = entry;
        this.value = value;
        this.wrap = wrap;
        this.position = position;
        this.path = path;
        this.from = from;
    }

    /**
     * A record of a source.
     *
     * @param wrap the field that holds it when it is no object
     */
    public static Item record(Root root, JsonNode value, String wrap, long position) {
        return new Item(root, value, wrap, position, "", 0, null);
    }

    /** A document that this item has become; it takes over one branch. */
    public Item next(ObjectNode document) {
        return new Item(root, document, "", position, path, 0, null);
    }

    /** What the steps of a stage have made of this item, on its way into the stage's sink. */
    public Item result(ObjectNode document) {
        return new Item(root, document, "", position, path, from, this);
    }

    /** The item as it entered the stage. */
    public Item entry() {
        return entry == null ? this : entry;
    }

    /** One of several documents that this item has become. */
    public Item child(ObjectNode document, int ordinal, int firstStep) {
        return new Item(root, document, "", position, path + "." + ordinal, firstStep, null);
    }

    /** What a group of items has become. */
    public Item grouped(Root group, ObjectNode document, int firstStep) {
        return new Item(group, document, "", position, path, firstStep, null);
    }

    /** What {@code $meta.id} shows. */
    public String id() {
        return root.id() + path;
    }

    public Root root() {
        return root;
    }

    /** The step of the stage at which it begins; other than 0 behind a split or a collect. */
    public int from() {
        return from;
    }

    /** Its document; a record that is no object is wrapped here, when it is first needed. */
    public ObjectNode document() {
        if (value instanceof ObjectNode object) {
            return object;
        }
        JsonNode wrapped = value.isMissingNode() ? NullNode.getInstance() : value;
        Map<String, JsonNode> fields = new LinkedHashMap<>(4);
        fields.put(wrap, wrapped);
        return new ObjectNode(JsonNodeFactory.instance, fields);
    }

    /** Whether {@link #document()} makes a document, which nobody else has. */
    boolean wraps() {
        return !(value instanceof ObjectNode);
    }

    @Override
    public int bytes() {
        if (bytes == 0) {
            bytes = 96 + Weight.of(value);
        }
        return bytes;
    }

    /** Attempts that were made by others before. */
    void goOn(int before, Duration taken) {
        attempts = -before;
        startedAt = -taken.toNanos();
    }

    /** Counts an attempt, and says which it is, from 1. */
    public int begin(long now) {
        if (attempts <= 0) {
            attempts = -attempts;
            startedAt += now;
        }
        return ++attempts;
    }

    public int attempts() {
        return Math.abs(attempts);
    }

    /** Notes why an attempt did not succeed, for those that follow. */
    void failed(Failure failure) {
        lastFailure = failure;
    }

    /** Why the attempt before did not succeed; null before the second. */
    @Nullable
    Failure lastFailure() {
        return lastFailure;
    }

    /** The time since its first attempt. */
    public Duration age(long now) {
        return Duration.ofNanos(now - startedAt);
    }

    /** What of {@code $meta} does not change with the stage. */
    public ObjectNode origin() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id())
                .put("source", root.source())
                .put("position", position);
    }

    /** What {@code $meta} shows. */
    public ObjectNode meta(@Nullable String stage) {
        ObjectNode meta = origin();
        meta.put("attempt", Math.max(1, attempts())).put("stage", stage);
        JsonNode peer = root.peer();
        if (!peer.isNull()) {
            meta.set("peer", peer);
        }
        return meta;
    }
}
