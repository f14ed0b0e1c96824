package io.millrace.flow;

import io.millrace.spi.Jq;
import io.millrace.spi.Rate;
import io.millrace.spi.Settings;
import io.millrace.spi.SinkType;
import io.millrace.spi.SourceType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A stage: where items come from, what happens to each, where results go.
 *
 * @param queue its queue, fed by its source and by other stages
 * @param concurrency items in flight over all instances
 * @param modifiers {@code timeout retry onError finally} of the whole item
 */
public record Stage(
        String name,
        Optional<SourceDef> source,
        Steps steps,
        To to,
        Optional<SinkDef> sink,
        Queue queue,
        int instances,
        int concurrency,
        boolean ordered,
        Optional<Limit> rate,
        List<String> after,
        Modifiers modifiers) {

    /** The same stage with another source, or none. */
    public Stage withSource(Optional<SourceDef> other) {
        return new Stage(name, other, steps, to, sink, queue, instances, concurrency, ordered, rate, after, modifiers);
    }

    /** The same stage with another queue. */
    Stage withQueue(Queue other) {
        return new Stage(name, source, steps, to, sink, other, instances, concurrency, ordered, rate, after, modifiers);
    }

    /**
     * A source and its settings.
     *
     * @param wrap the field that holds a record that is no object
     */
    public record SourceDef(SourceType type, Settings settings, String wrap) {}

    /** A sink, its settings and how its items are batched. */
    public record SinkDef(SinkType type, Settings settings, Batching batching) {}

    /** Bounds of one write: a write leaves at the first that is reached. */
    public record Batching(int items, long bytes, Duration linger) {}

    /**
     * How often items start.
     *
     * @param per the value by which starts are counted apart; empty: all together
     * @param burst starts that may come at once after a pause
     */
    public record Limit(Rate rate, Optional<Jq> per, int burst) {}
}
