package io.millrace.connect.basic;

import io.millrace.spi.Assembly;
import io.millrace.spi.Batch;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Spec;
import io.vertx.core.Future;
import java.time.Duration;

/** Forgets what it is given. */
final class DiscardSink implements SinkType {
    private static final Spec SPEC = Spec.sink(
                    "discard", "Forgets every item; says that a stage's results are not wanted.")
            .batching(1024, Duration.ofMillis(10))
            .example("{\"source\": {\"range\": 1000}, \"sink\": \"discard\"}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Sink build(Settings settings, Assembly assembly) {
        return DiscardSink::forget;
    }

    private static Future<Void> forget(Batch batch) {
        return Future.succeededFuture();
    }
}
