package io.millrace.step.control;

import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import java.time.Duration;

/** Waits. */
final class SleepStep implements StepType {
    private static final Field<Dynamic<Duration>> FOR = Field.of("for", Types.dynamic(Types.duration()), "How long.")
            .required()
            .example("250ms");
    private static final Spec SPEC = Spec.step("sleep", "Waits, and holds up no other item.")
            .main(FOR)
            .result(Spec.Result.NOTHING)
            .example("{\"source\": {\"values\": [\"10ms\", \"20ms\"]}, \"steps\": [{\"sleep\": \"${.value}\"}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Dynamic<Duration> time = settings.get(FOR);
        return frame -> frame.scope().sleepThen(time.get(frame), NullNode.instance);
    }
}
