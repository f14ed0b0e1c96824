package io.millrace.connect.basic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import io.vertx.core.Future;

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

    /** Position: the index of the number, from 0. */
    private static final class Numbers implements Source {
        private final long count;
        private final long from;
        private final long step;
        private long next;

        Numbers(long count, long from, long step) {
            this.count = count;
            this.from = from;
            this.step = step;
        }

        @Override
        public Future<Boolean> read(Records into) {
            long end = Math.min(count, next + into.room());
            for (long i = next; i < end; i++) {
                into.add(number(from + i * step), i);
            }
            next = end;
            return Future.succeededFuture(next < count);
        }

        /** The node that a JSON parser would make of it, so that equal numbers are equal nodes. */
        private static JsonNode number(long value) {
            return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
        }

        @Override
        public long expected() {
            return count;
        }
    }
}
