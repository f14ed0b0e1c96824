package io.millrace.engine.stage;

import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Root;
import io.millrace.spi.Caller;
import io.millrace.spi.Records;
import org.jspecify.annotations.Nullable;

/** On what terms the records of a source come in. Confined to the source's loop. */
public interface Admission {
    int READ = 256;

    /** Records that one read may yield, for a queue of that capacity. */
    default int wanted(int capacity) {
        return Math.min(READ, Math.max(1, capacity / 4));
    }

    /** Whether they are input: counted as read, and bounded by {@code limits.items}. */
    default boolean isInput() {
        return true;
    }

    /** How many of so many wanted records may be read now; 0: {@link #whenRoom}. */
    int room(int wanted);

    /** Runs the task on the source's loop as soon as there may be room. */
    void whenRoom(Runnable task);

    /** The room for one read. */
    Records records(int room);

    /** The root of the next record, in the order in which they were read. */
    Root root(@Nullable Caller caller);

    /** Of a plain run, where the queues alone hold sources back. */
    final class Plain implements Admission {
        private final Origin origin;
        private long seq;

        public Plain(Origin origin) {
            this.origin = origin;
        }

        @Override
        public int room(int wanted) {
            return wanted;
        }

        @Override
        public void whenRoom(Runnable task) {
            task.run();
        }

        @Override
        public Records records(int room) {
            return new Records(room);
        }

        @Override
        public Root root(@Nullable Caller caller) {
            return Root.of(origin, seq++, caller);
        }
    }
}
