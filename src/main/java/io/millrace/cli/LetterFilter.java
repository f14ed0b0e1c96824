package io.millrace.cli;

import io.millrace.spi.Expressions;
import io.millrace.spi.Expressions.BadExpression;
import io.millrace.spi.Failure;
import io.millrace.spi.Jq;
import io.millrace.spi.Variables;
import org.jspecify.annotations.Nullable;

/** The {@code --filter} of commands on dead letters. */
final class LetterFilter {
    private final @Nullable Jq jq;

    private LetterFilter(@Nullable Jq jq) {
        this.jq = jq;
    }

    /** @param text null: every letter passes */
    static LetterFilter of(@Nullable String text, Shell shell) {
        return new LetterFilter(
                text == null ? null : compiled(text, shell.tools().expressions().get()));
    }

    private static Jq compiled(String text, Expressions expressions) {
        try {
            Jq jq = expressions.jq(text);
            jq.variables().stream().findFirst().ifPresent(name -> {
                throw UserError.usage("--filter: there is no $" + name
                        + " here. A letter has .id .run .flow .stage .at .error .meta .document.");
            });
            return jq;
        } catch (BadExpression bad) {
            throw UserError.usage("--filter: " + bad.what() + ". " + bad.mend());
        }
    }

    boolean passes(LetterView letter) {
        try {
            return jq == null || jq.test(letter.json(), Variables.NONE);
        } catch (Failure failure) {
            throw UserError.usage("--filter fails on dead letter "
                    + letter.kept().id() + ": " + failure.getMessage() + ". Nothing was changed.");
        }
    }
}
