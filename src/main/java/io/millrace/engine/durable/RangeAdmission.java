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
    private final Trial trial;

    RangeAdmission(SourceProgress progress, Gate gate, Loop loop, Trial trial) {
        this.progress = progress;
        this.gate = gate;
        this.loop = loop;
        this.trial = trial;
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
        Root root = progress.next();
        if (trial.isOn()) {
            trial.sent();
        }
        return root;
    }
}
