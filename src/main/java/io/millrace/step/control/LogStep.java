package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes to the log. */
final class LogStep implements StepType {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.flow");
    private static final Field<Template> MESSAGE = Field.of(
                    "message", Types.template(), "The text; what is no string is written as JSON.")
            .required()
            .example("no price: ${.name}");
    private static final Field<Level> LEVEL = Field.of(
                    "level", Types.enumOf("level", Level.class), "How much it matters.")
            .byDefault("info");
    private static final Spec SPEC = Spec.step("log", "Writes a line to the log, which goes to standard error.")
            .main(MESSAGE)
            .fields(LEVEL)
            .result(Spec.Result.NOTHING)
            .example("{\"source\": {\"values\": [\"Ada\"]}, \"steps\": [{\"log\": \"greeting ${.value}\"}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Template message = settings.get(MESSAGE);
        Level level = settings.get(LEVEL);
        return frame -> {
            if (LOG.isEnabledForLevel(level)) {
                LOG.atLevel(level).log(assembly.redact(text(message.eval(frame))));
            }
            return Future.succeededFuture(NullNode.instance);
        };
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }
}
