package io.millrace.engine.stage;

import io.millrace.engine.item.Item;
import io.millrace.engine.queue.Loop;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.spi.Failure;

/** How items of one instance end in failure: counted, kept or forgotten, and their branch given back. */
final class Endings {
    private final StageParts parts;
    private final Stage stage;
    private final Loop loop;

    Endings(StageParts parts) {
        this.parts = parts;
        this.stage = parts.stage();
        this.loop = parts.context().loop();
    }

    /** What the stage, or else the flow, says about failures. */
    OnError decision() {
        return stage.modifiers().onError().orElse(parts.onError());
    }

    static Failure cancelled() {
        return Failure.of(Failure.Kind.CANCELLED, "The run was stopped before this item was done.");
    }

    static Failure asked() {
        return Failure.of(Failure.Kind.CANCELLED, "This item was cancelled by hand.");
    }

    /** Does with a failed item what was decided, and then runs the task. */
    void dispose(Item item, OnError decision, Failure failure, Runnable after) {
        if (decision instanceof OnError.Ignore) {
            parts.metrics().dropped();
            release(item, after);
            return;
        }
        parts.metrics().failed();
        parts.control().failed();
        item.root().failed(failure);
        if (decision instanceof OnError.Drop) {
            release(item, after);
            return;
        }
        if (decision instanceof OnError.Stop) {
            parts.control().stop(failure.step() + ": " + failure.message());
        }
        keep(item, failure, after);
    }

    private void keep(Item item, Failure failure, Runnable after) {
        parts.control()
                .deadLetter(stage.name(), item.document(), item.meta(stage.name()), failure)
                .onComplete(kept -> loop.execute(() -> {
                    release(item, after);
                    parts.settling().flush();
                }));
    }

    /** Keeps an item that nobody decides about any more. */
    void bury(Item item, Failure failure) {
        parts.metrics().failed();
        item.root().failed(failure);
        keep(item, failure, () -> {});
    }

    private void release(Item item, Runnable after) {
        item.root().release(parts.settling());
        after.run();
    }
}
