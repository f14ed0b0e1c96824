package io.millrace.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Frame;
import io.millrace.spi.Reply;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A frame that notes what a step does to it. */
public final class TestFrame implements Frame {
    private final Scope scope;
    private final Map<String, JsonNode> variables;
    private final List<Emitted> emitted;
    private ObjectNode document;
    private final Map<Object, Object> bound = new HashMap<>();
    private final List<Reply> replies = new ArrayList<>();
    private boolean ended;
    private @Nullable List<JsonNode> split;

    /**
     * A document sent to a stage.
     *
     * @param now whether it left at once
     */
    public record Emitted(String stage, ObjectNode document, boolean now) {}

    /** A frame with this document, in a scope of its own. */
    public TestFrame(Vertx vertx, JsonNode document) {
        this(new TestScope(vertx), document, new HashMap<>(), new ArrayList<>());
    }

    /** A frame with this document in JSON. */
    public TestFrame(Vertx vertx, String document) {
        this(vertx, TestJson.read(document));
    }

    private TestFrame(Scope scope, JsonNode document, Map<String, JsonNode> variables, List<Emitted> emitted) {
        this.scope = scope;
        this.document = asDocument(document);
        this.variables = variables;
        this.emitted = emitted;
    }

    /** Gives a variable a value, as {@code params}. */
    public TestFrame with(String variable, String json) {
        variables.put(variable, TestJson.read(json));
        return this;
    }

    public List<Emitted> emitted() {
        return emitted;
    }

    /** What the item was split into; null if it was not. */
    public @Nullable List<JsonNode> outputs() {
        return split;
    }

    @Override
    public ObjectNode document() {
        return document;
    }

    @Override
    public void put(String field, JsonNode value) {
        document = shallowCopy(document);
        document.set(field, value);
    }

    @Override
    public void remove(String field) {
        document = shallowCopy(document);
        document.remove(field);
    }

    @Override
    public void replace(JsonNode other) {
        document = asDocument(other);
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
        if (split != null) {
            throw new IllegalStateException("split twice");
        }
        split = List.copyOf(outputs);
    }

    @Override
    public void emit(String stage, ObjectNode item) {
        emitted.add(new Emitted(stage, item, false));
    }

    @Override
    public Future<Void> emitNow(String stage, ObjectNode item) {
        emitted.add(new Emitted(stage, item, true));
        return Future.succeededFuture();
    }

    @Override
    public boolean reply(Reply reply) {
        replies.add(reply);
        return replies.size() == 1;
    }

    /** What was answered, in order; as if somebody waited for the first. */
    public List<Reply> replies() {
        return replies;
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public Frame fork(JsonNode branch) {
        return inheriting(new TestFrame(scope.child(), branch, new HashMap<>(variables), new ArrayList<>()));
    }

    @Override
    public Frame forkInside(JsonNode branch) {
        TestFrame inner = new TestFrame(scope.child(), branch, new HashMap<>(variables), new ArrayList<>());
        inner.variables.put("outer", document);
        return inheriting(inner);
    }

    private TestFrame inheriting(TestFrame made) {
        made.bound.putAll(bound);
        return made;
    }

    @Override
    public Scope.Handle bind(Object key, Object value) {
        Object before = bound.put(key, value);
        return () -> {
            if (before == null) {
                bound.remove(key);
            } else {
                bound.put(key, before);
            }
        };
    }

    @Override
    public @Nullable Object bound(Object key) {
        return bound.get(key);
    }

    @Override
    public void join(Frame branch) {
        emitted.addAll(((TestFrame) branch).emitted);
        branch.scope().close();
    }

    @Override
    public @Nullable JsonNode variable(String name) {
        return variables.get(name);
    }

    private static ObjectNode shallowCopy(ObjectNode original) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        copy.setAll(original);
        return copy;
    }

    private static ObjectNode asDocument(JsonNode value) {
        return value instanceof ObjectNode object
                ? object
                : JsonNodeFactory.instance.objectNode().set("value", value);
    }
}
