package io.millrace.step.control;

import io.millrace.spi.Field;
import io.millrace.spi.Types;

/** What the failure of one branch means for the others. */
enum Errors {
    /** It cancels them, and the step fails. */
    CANCEL,
    /** It is a value as any other. */
    RETURN;

    static Field<Errors> field() {
        return Field.of(
                        "errors",
                        Types.enumOf("way with errors", Errors.class),
                        "`cancel`: the first failure cancels the others, and is the step's; `return`: it stands in the result as"
                                + " `{\"$error\": {kind, message, …}}`.")
                .byDefault("cancel");
    }
}
