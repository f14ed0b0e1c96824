package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.util.Optional;

/** Calls a function of the flow. */
final class CallStep implements StepType {
    private static final Field<String> FUNCTION = Field.of(
                    "function", Types.function(), "One of the flow's `functions`.")
            .required();
    private static final Field<Template> WITH = Field.of(
                    "with", Types.template(), "The document that the function starts with.")
            .defaultDoc("a copy of the document");
    private static final Spec SPEC = Spec.step("call", "Runs a function of the flow on a document of its own.")
            .main(FUNCTION)
            .fields(WITH)
            .returns("the value of the function's last step")
            .example(
                    "{\"functions\": {\"greet\": [{\"map\": \"'Hello, ' + .name\"}]}, \"source\": {\"values\": [\"Ada\"]}, "
                            + "\"steps\": [{\"call\": {\"function\": \"greet\", \"with\": {\"name\": \"${.value}\"}}, \"as\": \"greeting\"}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Step function = assembly.function(settings.get(FUNCTION));
        Optional<Template> with = settings.find(WITH);
        return frame -> call(function, frame, with.isPresent() ? with.get().eval(frame) : frame.document());
    }

    private static Future<JsonNode> call(Step function, Frame frame, JsonNode document) {
        Frame inner = frame.fork(document);
        return function.run(inner)
                .onSuccess(value -> frame.join(inner))
                .onFailure(failure -> inner.scope().close());
    }
}
