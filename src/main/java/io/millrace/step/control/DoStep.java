package io.millrace.step.control;

import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;

/** Makes one step of several. */
final class DoStep implements StepType {
    private static final Field<Block> DO =
            Field.of("do", Types.steps(Block.Filter.AS_AROUND), "The steps.").required();
    private static final Spec SPEC = Spec.step("do", "Runs steps as one, so that a modifier holds for all of them.")
            .whole(DO)
            .result(Spec.Result.BLOCK)
            .returns("the value of the last step")
            .note("They run on the document as it is. With `retry` the block starts over from the document before it.")
            .example(
                    "{\"source\": {\"range\": 4}, \"steps\": [{\"do\": [{\"set\": {\"big\": true}}, {\"log\": \"${.value} is big\"}], "
                            + "\"when\": \".value > 2\"}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        return assembly.compile(settings.get(DO));
    }
}
