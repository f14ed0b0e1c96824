package io.millrace.engine.durable;

import io.millrace.engine.item.Origin;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Admission;
import io.millrace.engine.stage.SourceFeed;
import io.millrace.flow.Stage;
import io.millrace.spi.Source;
import io.millrace.testkit.sim.SimStages;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What feeds a stage, a source or its queue in the store, on a loop of its own: begun and halted as its verticle does it. */
final class SimFeed {
    /** Something to read from. */
    record Input(Source source, Admission admission) {}

    private final Stage stage;
    private final Origin origin;
    private final Loop loop;
    private volatile @Nullable QueueSource rows;
    private @Nullable SourceFeed feed;

    SimFeed(Stage stage, Origin origin, Loop loop) {
        this.stage = stage;
        this.origin = origin;
        this.loop = loop;
    }

    Stage stage() {
        return stage;
    }

    Origin origin() {
        return origin;
    }

    Loop loop() {
        return loop;
    }

    void begin(SimStages stages, Supplier<Input> input) {
        loop.execute(() -> {
            if (origin.ended()) {
                return;
            }
            Input from = input.get();
            rows = from.source() instanceof QueueSource queue ? queue : null;
            feed = stages.reader(stage, from.source(), origin, loop, from.admission());
            feed.start();
        });
    }

    /** Whether there is nothing to claim. */
    boolean isDry() {
        QueueSource queue = rows;
        return origin.ended() || (queue != null && queue.isDry());
    }

    void halt() {
        loop.execute(() -> {
            if (feed == null) {
                origin.end();
            } else {
                Objects.requireNonNull(feed).stop();
            }
        });
    }
}
