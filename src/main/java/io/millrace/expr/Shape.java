package io.millrace.expr;

import io.millrace.spi.Failure;
import java.util.Set;

/**
 * What is known of a compiled filter, and how its failures are told.
 *
 * @param source as written
 * @param text without the <code>${ }</code> around it
 */
record Shape(String source, String text, Set<String> variables, boolean readsInput) {
    private static final int MAX_TEXT = 120;
    private static final int MAX_MESSAGE = 600;

    Shape {
        variables = Set.copyOf(variables);
    }

    String shown() {
        return "`" + Json.shorten(text.strip(), MAX_TEXT) + "`";
    }

    Failure badData(String message) {
        return failure(Failure.Kind.BAD_DATA, ": " + message);
    }

    Failure failure(Failure.Kind kind, String message) {
        return Failure.of(kind, shown() + Json.shorten(message, MAX_MESSAGE));
    }
}
