package io.millrace.flow;

import io.millrace.spi.Dynamic;
import io.millrace.spi.Jq;
import java.time.Duration;
import java.util.Optional;

/**
 * What can be said of any step, outermost first: {@code when finally onError retry timeout}; and, without {@code as} and {@code
 * when}, of a stage as a whole.
 *
 * @param as where the value goes; empty for the default
 * @param blocking the worker pool in which the step runs; empty for the event loop
 */
public record Modifiers(
        Optional<String> name,
        Optional<As> as,
        Optional<Jq> when,
        Optional<Steps> ensure,
        Optional<OnError> onError,
        Optional<Retry> retry,
        Optional<Dynamic<Duration>> timeout,
        Optional<String> blocking) {

    public static final Modifiers NONE = new Modifiers(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** Where a value goes. */
    public sealed interface As {
        /** Into a field of the document. */
        record FieldNamed(String field) implements As {}

        /** In the place of the document: {@code "as": "."}. */
        record Document() implements As {}

        /** Nowhere: {@code "as": null}. */
        record Nowhere() implements As {}
    }
}
