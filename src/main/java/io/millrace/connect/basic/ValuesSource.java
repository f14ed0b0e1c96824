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
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/** Yields a list that stands in the flow. */
final class ValuesSource implements SourceType {
    private static final Field<JsonNode> VALUES =
            Field.of("values", new ValuesType(), "The records, in order.").required();
    private static final Spec SPEC = Spec.source("values", "Yields the elements of a list that stands in the flow.")
            .whole(VALUES)
            .replayable()
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

    /** Position and token: the index in the list. */
    private static final class Elements extends Indexed {
        private final JsonNode values;

        Elements(JsonNode values) {
            super(values.size());
            this.values = values;
        }

        @Override
        JsonNode value(long index) {
            return values.get((int) index);
        }

        @Override
        ObjectNode now() {
            ObjectNode now = JsonNodeFactory.instance.objectNode().put("count", values.size());
            now.set("crc", crc(values.size()));
            return now;
        }

        @Override
        Optional<String> difference(ObjectNode then) {
            int count = then.path("count").asInt();
            if (values.size() < count) {
                return Optional.of("The list has " + values.size() + " values; when the run began, it had " + count);
            }
            return crc(count).equals(then.path("crc"))
                    ? Optional.empty()
                    : Optional.of("The first " + count + " values of the list are not those of when the run began");
        }

        private JsonNode crc(int count) {
            CRC32 crc = new CRC32();
            for (int i = 0; i < count; i++) {
                crc.update(values.get(i).toString().getBytes(StandardCharsets.UTF_8));
                crc.update('\n');
            }
            return ExactJson.whole(crc.getValue());
        }
    }
}
