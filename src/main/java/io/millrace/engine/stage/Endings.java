package io.millrace.engine.stage;

import io.millrace.engine.item.Item;
import io.millrace.engine.queue.Loop;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.spi.Failure;
import java.util.ArrayDeque;

/** How items of one instance end in failure: counted, kept or forgotten, and their branch given back. */
final class Endings {
    /** Dead letters under way to their file, from one instance. */
    private static final int MOST_LETTERS = 1024;

    private static final long MOST_BYTES = 8L << 20;

    private final StageParts parts;
    private final Stage stage;
    private final Loop loop;
    private final ArrayDeque<Letter> waiting = new ArrayDeque<>();
    private int writing;
    private boolean stopped;
    private long writingBytes;

    private record Letter(Item item, Failure failure, Runnable after) {}

    Endings(StageParts parts) {
        this.parts = parts;
        this.stage = parts.stage();
        this.loop = parts.context().loop();
    }

    /** What the stage, or else the flow, says about failures. */
    OnError decision() {
        return stage.modifiers().onError().orElse(parts.onError());
    }

    /** Whether an item of a durable run was given up here for which the run stops: it will be done later. */
    boolean haveStopped() {
        return stopped;
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
            if (item.root().isDurable()) {
                stopped = true;
                abandon(item, after);
                return;
            }
        }
        parts.brake().failed(failure);
        keep(item, failure, after);
    }

    private void keep(Item item, Failure failure, Runnable after) {
        waiting.add(new Letter(item, failure, after));
        write();
    }

    /** Has letters written as there is room: a million items may be cancelled at once. */
    private void write() {
        while (room()) {
            Letter letter = waiting.remove();
            int bytes = letter.item.bytes();
            writing++;
            writingBytes += bytes;
            parts.control()
                    .deadLetter(stage.name(), letter.item, letter.failure)
                    .onComplete(kept -> loop.execute(() -> written(letter, bytes)));
        }
    }

    private boolean room() {
        return !waiting.isEmpty() && (writing == 0 || (writing < MOST_LETTERS && writingBytes < MOST_BYTES));
    }

    private void written(Letter letter, int bytes) {
        writing--;
        writingBytes -= bytes;
        release(letter.item, letter.after);
        parts.settling().flush();
        write();
        parts.control().nudge(); // this may have been the last branch that did not rest in a group
    }

    /** The run is stopped before this item is done: it is kept as cancelled, or stays to be done by the run that goes on with this one. */
    void leave(Item item) {
        if (item.root().isDurable()) {
            abandon(item, () -> {});
        } else {
            bury(item, cancelled());
        }
    }

    /** Gives up the root of an item, which has ended. */
    void abandon(Item item, Runnable after) {
        item.root().abandon();
        release(item, after);
    }

    /** Keeps an item that nobody decides about any more. */
    private void bury(Item item, Failure failure) {
        parts.metrics().failed();
        item.root().failed(failure);
        keep(item, failure, () -> {});
    }

    private void release(Item item, Runnable after) {
        item.root().release(parts.settling());
        after.run();
    }
}
