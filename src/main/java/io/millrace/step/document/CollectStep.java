package io.millrace.step.document;

import io.millrace.spi.Assembly;
import io.millrace.spi.Collecting;
import io.millrace.spi.Field;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import java.time.Duration;

/** Makes one item of several. The engine keeps the groups. */
final class CollectStep implements StepType {
    private static final Field<Jq> BY = Field.of("by", Types.jq(), "Items with the same value go into one group.")
            .defaultDoc("all items in one group")
            .example(".customer");
    private static final Field<Integer> ITEMS = Field.of(
                    "items", Types.integer(1, Integer.MAX_VALUE), "A group leaves when it has so many items.")
            .defaultDoc("no bound");
    private static final Field<Long> BYTES = Field.of(
                    "bytes", Types.size(), "A group leaves when it has grown to this size.")
            .byDefault("16MB");
    private static final Field<Duration> WAIT = Field.of(
                    "wait", Types.duration(), "A group leaves so long after its first item.")
            .defaultDoc("no bound");
    private static final Field<Duration> EVERY = Field.of(
                    "every", Types.duration(), "All groups leave at each multiple of this time on the clock.")
            .defaultDoc("never")
            .example("1m");
    private static final Spec SPEC = Spec.step("collect", "Holds items back and passes on groups of them.")
            .fields(BY, ITEMS, BYTES, WAIT, EVERY)
            .result(Spec.Result.NOTHING)
            .returns(
                    "an item for each group: `{key, items, count, first, last}`; `first` and `last` are the times of its items")
            .stageLevelOnly()
            .note("Every group leaves at the end of the input. Items that are held back take no slot of the stage.")
            .example("{\"source\": {\"range\": 10}, \"steps\": [{\"collect\": {\"by\": \".value % 2\"}}, "
                    + "{\"map\": {\"odd\": \"${.key == 1}\", \"count\": \"${.count}\"}}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        return new Collecting(
                settings.find(BY),
                settings.find(ITEMS).orElse(Integer.MAX_VALUE),
                settings.get(BYTES),
                settings.find(WAIT),
                settings.find(EVERY));
    }
}
