package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The local state of one coroutine: the document that its steps read and change, and the scope in which they run. Used by one
 * step at a time, on one thread at a time.
 *
 * <p>Documents are immutable below the top object, and the top object is copied on its first write: never change what
 * {@link #document()} returns.
 */
public interface Frame extends Variables {
    /** The document as it stands. */
    ObjectNode document();

    /** Sets one field of the document. */
    void put(String field, JsonNode value);

    /** Removes one field of the document. */
    void remove(String field);

    /** Puts another document in the place of this one; what is not an object becomes {@code {"value": x}}. */
    void replace(JsonNode document);

    /** The item ends here, without failure (as {@code filter} does). Steps that follow are not run. */
    void end();

    boolean ended();

    /**
     * Cuts the item into one for each output; steps that follow run on each. An output becomes the document, or, where the step has an
     * {@code as}, a field of a copy of it. Only at stage level.
     */
    void split(List<JsonNode> outputs);

    /** Sends an item to a stage when this item's steps have succeeded; it belongs to the same root. */
    void emit(String stage, ObjectNode document);

    /** As {@link #emit}, at once: it stays sent if this attempt fails. Completes when the stage has taken it. */
    Future<Void> emitNow(String stage, ObjectNode document);

    /**
     * Answers whoever sent the record that this item descends from, at once: it stays answered if this attempt fails. The first answer
     * wins; where several records were collected into the item, each is answered.
     *
     * @return whether anybody took it: false where nobody waits, or was answered before
     */
    boolean reply(Reply reply);

    /** The scope in which this frame's steps run: what they start is registered there to be cancelled. */
    Scope scope();

    /** A frame of its own for a branch: a copy of the document, and its own scope below this one's. */
    Frame fork(JsonNode document);

    /** As {@link #fork}, with this frame's document as {@code $outer} of the new one. */
    Frame forkInside(JsonNode document);

    /**
     * Makes a value known to the steps that run until it is taken back, on this frame and on those made from it meanwhile: a
     * transaction to the statements within, say.
     */
    Scope.Handle bind(Object key, Object value);

    /** What is bound to the key here; null if nothing is. */
    @Nullable
    Object bound(Object key);

    /** Takes over what a branch has emitted and closes its scope: to be called when a forked frame's steps have succeeded. */
    void join(Frame branch);
}
