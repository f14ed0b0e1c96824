package io.millrace.engine.durable;

import io.millrace.engine.item.Root;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Admission;
import io.millrace.spi.Caller;
import io.millrace.spi.Records;
import org.jspecify.annotations.Nullable;

/** Admits the records of a {@link ResumedSource}. */
final class RangeAdmission implements Admission {
    private final SourceProgress progress;
    private final Gate gate;
    private final Loop loop;

    RangeAdmission(SourceProgress progress, Gate gate, Loop loop) {
        this.progress = progress;
        this.gate = gate;
        this.loop = loop;
    }

    @Override
    public int room(int wanted) {
        return gate.room(wanted);
    }

    @Override
    public void whenRoom(Runnable task) {
        gate.await(loop, task);
    }

    @Override
    public Records records(int room) {
        return new Records(room, true);
    }

    @Override
    public Root root(@Nullable Caller caller) {
        return progress.next();
    }
}
