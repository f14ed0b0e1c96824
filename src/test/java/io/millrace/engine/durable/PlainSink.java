package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Batch;
import io.millrace.spi.Failure;
import io.millrace.spi.Sink;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** A sink somewhere else: what it was given stays, whatever becomes of the run. */
final class PlainSink implements Sink {
    private final String stage;
    private final Chaos chaos;
    private final Refusals refusals;
    private final Consumer<Output> written;

    PlainSink(String stage, Chaos chaos, Refusals refusals, Consumer<Output> written) {
        this.stage = stage;
        this.chaos = chaos;
        this.refusals = refusals;
        this.written = written;
    }

    @Override
    public Future<Void> write(Batch batch) {
        return chaos.someTime(300).compose(now -> {
            if (chaos.strikes(Chaos.Trouble.SINK_AWAY)) {
                return Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "away"));
            }
            for (int i = 0; i < batch.documents().size(); i++) {
                ObjectNode document = batch.documents().get(i);
                if (refusals.write(stage, document)) {
                    batch.reject(i, Output.death(Failure.Kind.BAD_DATA, stage, document));
                } else {
                    written.accept(Output.of(Output.End.OUT, stage, document));
                }
            }
            return chaos.someTime(300);
        });
    }
}
