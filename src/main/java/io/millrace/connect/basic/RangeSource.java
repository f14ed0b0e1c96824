package io.millrace.connect.basic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import java.util.Optional;

/** Counts. */
final class RangeSource implements SourceType {
    private static final Field<Long> COUNT = Field.of(
                    "count", Types.longInteger(0, Long.MAX_VALUE), "How many numbers.")
            .required();
    private static final Field<Long> FROM = Field.of(
                    "from", Types.longInteger(Long.MIN_VALUE, Long.MAX_VALUE), "The first number.")
            .byDefault(0);
    private static final Field<Long> STEP = Field.of(
                    "step", Types.longInteger(Long.MIN_VALUE, Long.MAX_VALUE), "From one number to the next.")
            .byDefault(1);
    private static final Spec SPEC = Spec.source("range", "Yields numbers, one after another.")
            .main(COUNT)
            .fields(FROM, STEP)
            .replayable()
            .returns("a number, as `{\"value\": 7}`")
            .example("{\"source\": {\"range\": {\"count\": 5, \"from\": 10, \"step\": -2}}}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        return new Numbers(settings.get(COUNT), settings.get(FROM), settings.get(STEP));
    }

    /** Position and token: the index of the number, from 0. */
    private static final class Numbers extends Indexed {
        private final long count;
        private final long from;
        private final long step;

        Numbers(long count, long from, long step) {
            super(count);
            this.count = count;
            this.from = from;
            this.step = step;
        }

        @Override
        JsonNode value(long index) {
            return ExactJson.whole(from + index * step);
        }

        @Override
        ObjectNode now() {
            ObjectNode now = JsonNodeFactory.instance.objectNode();
            now.set("count", ExactJson.whole(count));
            now.set("from", ExactJson.whole(from));
            now.set("step", ExactJson.whole(step));
            return now;
        }

        @Override
        Optional<String> difference(ObjectNode then) {
            if (!then.path("from").equals(ExactJson.whole(from))
                    || !then.path("step").equals(ExactJson.whole(step))) {
                return Optional.of("The range counts from " + from + " by " + step
                        + "; when the run began, it was from " + then.path("from") + " by " + then.path("step"));
            }
            return count >= then.path("count").asLong()
                    ? Optional.empty()
                    : Optional.of(
                            "The range has " + count + " numbers; when the run began, it had " + then.path("count"));
        }
    }
}
