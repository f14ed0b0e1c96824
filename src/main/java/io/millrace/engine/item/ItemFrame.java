package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.Modifiers.As;
import io.millrace.spi.Collecting;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Reply;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of one coroutine of an item. Its document is copied before a change wherever anybody may have seen it: an attempt that fails
 * has changed nothing, and what was emitted, stored or handed to a branch stays as it was.
 */
public final class ItemFrame implements Frame {
    /** How deep branches and calls may nest. */
    static final int MAX_DEPTH = 200;

    private final StageContext context;
    private final Item item;
    private final @Nullable ObjectNode outer;
    private final short depth;
    /** Null as long as no step has looked at what is no object. */
    private @Nullable ObjectNode document;

    private boolean owned;
    private @Nullable ItemScope scope;
    private @Nullable List<Emission> emissions;
    private boolean ended;
    private @Nullable List<JsonNode> split;
    private @Nullable Collecting collecting;
    private int cut;
    private @Nullable Binding bindings;

    /** A value that steps may ask for, and those bound before it. */
    private record Binding(
            Object key, Object value, @Nullable Binding before) {}

    public ItemFrame(StageContext context, Item item) {
        this(context, item, null, null, null, 0);
    }

    private ItemFrame(
            StageContext context,
            Item item,
            @Nullable ObjectNode document,
            @Nullable ObjectNode outer,
            @Nullable ItemScope scope,
            int depth) {
        this.context = context;
        this.item = item;
        this.document = document;
        this.outer = outer;
        this.scope = scope;
        this.depth = (short) depth;
    }

    @Override
    public ObjectNode document() {
        ObjectNode shown = seen();
        owned = false;
        return shown;
    }

    private ObjectNode seen() {
        ObjectNode known = document;
        if (known == null) {
            known = item.document();
            owned = item.wraps();
            document = known;
        }
        return known;
    }

    @Override
    public void put(String field, JsonNode value) {
        own().set(field, value);
    }

    @Override
    public void remove(String field) {
        if (seen().has(field)) {
            own().remove(field);
        }
    }

    private ObjectNode own() {
        ObjectNode before = seen();
        if (owned) {
            return before;
        }
        ObjectNode copy = copyOf(before);
        document = copy;
        owned = true;
        return copy;
    }

    private static ObjectNode copyOf(ObjectNode document) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        copy.setAll(document);
        return copy;
    }

    @Override
    public void replace(JsonNode value) {
        document = asDocument(value);
        owned = false;
    }

    /** A value as a document: itself if it is an object, else {@code {"value": x}}. */
    public static ObjectNode asDocument(JsonNode value) {
        return value instanceof ObjectNode object
                ? object
                : JsonNodeFactory.instance.objectNode().set("value", value);
    }

    /** One output of a split as a document: itself, or, where the split has a field to put it, a copy of this one with it. */
    public ObjectNode part(JsonNode output, Optional<As> as) {
        if (as.isPresent() && as.get() instanceof As.FieldNamed named) {
            ObjectNode copy = copyOf(seen());
            copy.set(named.field(), output);
            return copy;
        }
        return asDocument(output);
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void split(List<JsonNode> outputs) {
        split = outputs;
    }

    @Override
    public void emit(String stage, ObjectNode emitted) {
        if (emissions == null) {
            emissions = new ArrayList<>();
        }
        emissions.add(new Emission(stage, emitted));
    }

    @Override
    public Future<Void> emitNow(String stage, ObjectNode emitted) {
        Failure cancelled = scope == null ? null : scope.reason();
        return cancelled != null ? Future.failedFuture(cancelled) : context.emitNow(item, stage, emitted);
    }

    @Override
    public boolean reply(Reply reply) {
        boolean cancelled = scope != null && scope.cancelled();
        return !cancelled && item.root().reply(reply);
    }

    @Override
    public ItemScope scope() {
        if (scope == null) {
            scope = new ItemScope(context);
        }
        return scope;
    }

    /** The scope, if any step has asked for it. */
    public @Nullable ItemScope scopeIfAny() {
        return scope;
    }

    @Override
    public ItemFrame fork(JsonNode start) {
        return branch(start, outer);
    }

    @Override
    public ItemFrame forkInside(JsonNode start) {
        return branch(start, document());
    }

    private ItemFrame branch(JsonNode start, @Nullable ObjectNode around) {
        if (depth >= MAX_DEPTH) {
            throw Failure.of(
                    Failure.Kind.LIMIT,
                    "Steps are nested more than " + MAX_DEPTH + " deep. Does a function call itself without an end?");
        }
        return inheriting(new ItemFrame(context, item, asDocument(start), around, scope().child(), depth + 1));
    }

    @Override
    public Scope.Handle bind(Object key, Object value) {
        Binding before = bindings;
        bindings = new Binding(key, value, before);
        return () -> bindings = before;
    }

    @Override
    public @Nullable Object bound(Object key) {
        for (Binding one = bindings; one != null; one = one.before()) {
            if (one.key().equals(key)) {
                return one.value();
            }
        }
        return null;
    }

    @Override
    public void join(Frame branch) {
        ItemFrame joined = (ItemFrame) branch;
        joined.scope().close();
        joined.emissions().forEach(emission -> emit(emission.stage(), emission.document()));
    }

    /** A frame that starts as this one, for an attempt that may be thrown away. */
    ItemFrame attempt(ItemScope within) {
        owned = false;
        return inheriting(new ItemFrame(context, item, document, outer, within, depth));
    }

    private ItemFrame inheriting(ItemFrame made) {
        made.bindings = bindings;
        return made;
    }

    /** Takes over what an attempt has become. */
    void adopt(ItemFrame attempt) {
        document = attempt.document;
        owned = attempt.owned;
        ended = attempt.ended;
        split = attempt.split;
        collecting = attempt.collecting;
        cut = attempt.cut;
        attempt.emissions().forEach(emission -> emit(emission.stage(), emission.document()));
    }

    /** Whether the steps that follow are not to be run on this frame. */
    boolean halted() {
        return ended || split != null || collecting != null;
    }

    /** Notes the step at which the frame was halted. */
    void cutAt(int step) {
        cut = step;
    }

    void collectedBy(Collecting by) {
        collecting = by;
    }

    /** The index of the stage's step that split or collected the item. */
    public int cut() {
        return cut;
    }

    public @Nullable List<JsonNode> splitInto() {
        return split;
    }

    public @Nullable Collecting collectedBy() {
        return collecting;
    }

    /** What the steps have emitted, in order. */
    public List<Emission> emissions() {
        return emissions == null ? List.of() : emissions;
    }

    public Item item() {
        return item;
    }

    StageContext context() {
        return context;
    }

    @Override
    public @Nullable JsonNode variable(String name) {
        return switch (name) {
            case "meta" -> item.meta(context.stage());
            case "outer" -> outer == null ? JsonNodeFactory.instance.nullNode() : outer;
            default -> context.variable(name);
        };
    }
}
