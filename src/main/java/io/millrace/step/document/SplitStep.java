package io.millrace.step.document;

import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.Future;

/** Makes several items of one. */
final class SplitStep implements StepType {
    private static final Field<Jq> SPLIT =
            Field.of("split", Types.jq(), "jq; each output becomes an item.").required();
    private static final Spec SPEC = Spec.step(
                    "split", "Makes an item of each output; the steps that follow run on each.")
            .whole(SPLIT)
            .result(Spec.Result.NOTHING)
            .stageLevelOnly()
            .note(
                    "With `as` each item keeps the document and has its output there; else the output is the document. No output at"
                            + " all ends the item.")
            .example(
                    "{\"source\": {\"values\": [{\"order\": 1, \"lines\": [\"lamp\", \"chair\"]}]}, "
                            + "\"steps\": [{\"split\": \".lines[]\", \"as\": \"line\"}, {\"map\": {\"order\": \"${.order}\", \"line\": \"${.line}\"}}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Jq jq = settings.get(SPLIT);
        return frame -> {
            frame.split(jq.all(frame));
            return Future.succeededFuture(frame.document());
        };
    }
}
