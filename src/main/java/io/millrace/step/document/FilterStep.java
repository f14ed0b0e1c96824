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

/** Lets items pass, or ends them. */
final class FilterStep implements StepType {
    private static final Field<Jq> FILTER = Field.of(
                    "filter", Types.jq(), "jq; false, null or no output ends the item.")
            .required();
    private static final Spec SPEC = Spec.step("filter", "Ends the item, without failure, unless a condition holds.")
            .whole(FILTER)
            .result(Spec.Result.NOTHING)
            .returns("the document")
            .endsItems()
            .example("{\"source\": {\"range\": 10}, \"steps\": [{\"filter\": \".value % 3 == 0\"}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Jq condition = settings.get(FILTER);
        return frame -> {
            if (!condition.test(frame)) {
                frame.end();
            }
            return Future.succeededFuture(frame.document());
        };
    }
}
