package io.millrace.step.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.vertx.core.Future;

/** Adds fields to the document. */
final class SetStep implements StepType {
    private static final Field<Template> SET = Field.of(
                    "set", Types.template(), "The fields to add or to replace, with templates.")
            .required();
    private static final Spec SPEC = Spec.step("set", "Adds fields to the document, or replaces some.")
            .whole(SET)
            .result(Spec.Result.NOTHING)
            .returns("the document")
            .rule((settings, check) -> {
                JsonNode json = settings.at().json();
                if (!json.isObject() && !json.asText().contains("${")) {
                    check.error(settings.at(), "What `set` adds is no object.", "Write { \"field\": value, … }.");
                }
            })
            .note(
                    "All values are made from the document as it was before. A field whose expression has no output is left alone.")
            .example(
                    "{\"source\": {\"values\": [{\"price\": 10, \"n\": 3}]}, \"steps\": [{\"set\": {\"total\": \"${.price * .n}\"}}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Template template = settings.get(SET);
        return frame -> {
            put(template.eval(frame), frame);
            return Future.succeededFuture(frame.document());
        };
    }

    private static void put(JsonNode fields, Frame frame) {
        if (!fields.isObject()) {
            throw Failure.badData(
                    "`set` needs an object, not " + fields.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
        }
        fields.properties().forEach(field -> frame.put(field.getKey(), field.getValue()));
    }
}
