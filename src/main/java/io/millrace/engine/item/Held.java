package io.millrace.engine.item;

import org.jspecify.annotations.Nullable;

/** What a branch of a durable root has left behind, to be kept when the root is complete: a row for a sink, a dead letter, a child for a queue. */
public abstract class Held {
    private @Nullable Held below;

    /** About how many bytes of memory it holds. */
    public abstract long bytes();

    /** Its root was given up: somebody else will do it again. */
    protected void left() {
        dropped();
    }

    /** Its root was given up before it came: it will not be kept. */
    protected void dropped() {
        // nobody waits for it
    }

    @Nullable
    Held below() {
        return below;
    }

    void onTopOf(@Nullable Held other) {
        below = other;
    }
}
