package io.millrace.connect.basic;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.vertx.core.Future;

/** Yields a list that stands in the flow. */
final class ValuesSource implements SourceType {
    private static final Field<JsonNode> VALUES =
            Field.of("values", new ValuesType(), "The records, in order.").required();
    private static final Spec SPEC = Spec.source("values", "Yields the elements of a list that stands in the flow.")
            .whole(VALUES)
            .returns("each element; one that is no object becomes `{\"value\": x}`")
            .example("{\"source\": {\"values\": [\"Ada\", \"Grace\", {\"value\": \"Edsger\", \"born\": 1930}]}}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        return new Elements(settings.get(VALUES));
    }

    /** Position: the index in the list. */
    private static final class Elements implements Source {
        private final JsonNode values;
        private int next;

        Elements(JsonNode values) {
            this.values = values;
        }

        @Override
        public Future<Boolean> read(Records into) {
            for (int room = into.room(); room > 0 && next < values.size(); room--, next++) {
                into.add(values.get(next), next);
            }
            return Future.succeededFuture(next < values.size());
        }

        @Override
        public long expected() {
            return values.size();
        }
    }
}
