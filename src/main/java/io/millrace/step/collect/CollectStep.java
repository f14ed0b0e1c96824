package io.millrace.step.collect;

import com.google.auto.service.AutoService;
import io.millrace.spi.Assembly;
import io.millrace.spi.Collecting;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import io.millrace.spi.Field;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.List;

/** Puts items together into groups. */
public final class CollectStep implements StepType {
    private static final Field<Jq> BY = Field.of("by", Types.jq(), "Items with the same value go into one group.")
            .defaultDoc("all in one group")
            .example(".country");
    private static final Field<Integer> ITEMS = Field.of(
                    "items", Types.integer(1, 1_000_000), "A group leaves when it has so many items.")
            .byDefault(10_000);
    private static final Field<Long> BYTES = Field.of(
                    "bytes", Types.size(), "A group leaves when its items are so large.")
            .byDefault("64MB");
    private static final Field<Duration> WAIT = Field.of(
                    "wait", Types.duration(), "A group leaves so long after its first item.")
            .example("5s");
    private static final Field<Duration> EVERY = Field.of(
                    "every", Types.duration(), "All groups leave at each multiple of this time on the clock, in UTC.")
            .example("1m");

    private static final Spec SPEC = Spec.step("collect", "Puts items together into groups, each one new item.")
            .fields(BY, ITEMS, BYTES, WAIT, EVERY)
            .result(Spec.Result.NOTHING)
            .stageLevelOnly()
            .returns("{key, items, count, first, last}: the document from here on")
            .note("A group leaves at the first of its bounds, and at the end of the input.")
            .note("Held items occupy no slot and no room in the queue.")
            .example("""
                    {
                      "source": { "range": 10 },
                      "steps": [
                        { "collect": { "by": ".value % 3", "items": 4 } },
                        { "map": { "rest": "${.key}", "count": "${.count}" } }
                      ]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        return new Collecting(
                settings.find(BY), settings.get(ITEMS), settings.get(BYTES), settings.find(WAIT), settings.find(EVERY));
    }

    /** Offers the step. */
    @AutoService(Connector.class)
    public static final class Offer implements Connector {
        @Override
        public List<Component> components() {
            return List.of(new CollectStep());
        }
    }
}
