package io.millrace.engine.durable;

import io.millrace.engine.item.Root;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Admission;
import io.millrace.spi.Caller;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A source that cannot be read again: its records are done as soon as they are in the durable queue of its stage, and only then is whoever waits for
 * them told that they are kept.
 */
final class LooseSource implements Source, Admission {
    private final Source source;
    private final SourceProgress progress;
    private final Gate gate;
    private final Loop loop;

    LooseSource(Source source, SourceProgress progress, Gate gate, Loop loop) {
        this.source = source;
        this.progress = progress;
        this.gate = gate;
        this.loop = loop;
    }

    @Override
    public Future<Boolean> read(Records into) {
        if (progress.hasEnded()) {
            return Future.succeededFuture(false);
        }
        return source.read(into).andThen(more -> {
            if (more.succeeded() && !more.result()) {
                progress.end();
            }
        });
    }

    @Override
    public boolean endless() {
        return source.endless();
    }

    @Override
    public long expected() {
        return source.expected();
    }

    @Override
    public Future<Void> close() {
        return source.close();
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
        return new Records(room);
    }

    @Override
    public Root root(@Nullable Caller caller) {
        return progress.admitLoose(caller);
    }
}
