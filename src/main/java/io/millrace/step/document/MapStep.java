package io.millrace.step.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.util.function.Function;

/** Replaces the document. Its value is what it was given, wrapped or not: a branch may end in a {@code map} to a string. */
final class MapStep implements StepType {
    private static final Type<Function<Frame, JsonNode>> MAKER = Types.<Function<Frame, JsonNode>>either(
                    Types.jq().map(MapStep::ofJq))
            .or(Types.template().map(MapStep::ofTemplate));
    private static final Field<Function<Frame, JsonNode>> MAP = Field.of(
                    "map", MAKER, "The new document: an object with templates, or jq as a string.")
            .required();
    private static final Spec SPEC = Spec.step("map", "Replaces the document by another.")
            .whole(MAP)
            .result(Spec.Result.NOTHING)
            .returns("the new document")
            .note(
                    "A field whose expression has no output is left out. jq with no output, or several, is BAD_DATA; for several"
                            + " documents use `split`.")
            .example(
                    "{\"source\": {\"range\": 3}, \"steps\": [{\"map\": {\"n\": \"${.value}\", \"square\": \"${.value * .value}\"}}]}")
            .done();

    private static Function<Frame, JsonNode> ofJq(Jq jq) {
        return frame -> jq.one(frame.document(), frame);
    }

    private static Function<Frame, JsonNode> ofTemplate(Template template) {
        return template::eval;
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Function<Frame, JsonNode> maker = settings.get(MAP);
        return frame -> {
            JsonNode made = maker.apply(frame);
            frame.replace(made);
            return Future.succeededFuture(made);
        };
    }
}
