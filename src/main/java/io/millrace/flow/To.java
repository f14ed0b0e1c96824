package io.millrace.flow;

import io.millrace.spi.Jq;
import java.util.List;
import java.util.Optional;

/** Where a stage's results go. */
public sealed interface To {
    /** To the stage's sink, or nowhere. */
    record None() implements To {}

    /** A copy to each stage. */
    record Stages(List<String> names) implements To {}

    /** To the stage of the first rule that matches; no match is a failure. */
    record Rules(List<Rule> rules) implements To {}

    /**
     * One rule.
     *
     * @param when empty: always
     * @param to a stage; empty: discarded
     */
    record Rule(Optional<Jq> when, Optional<String> to) {}

    /** The stages that may be reached. */
    default List<String> targets() {
        if (this instanceof Stages stages) {
            return stages.names();
        }
        return this instanceof Rules rules
                ? rules.rules().stream()
                        .flatMap(rule -> rule.to().stream())
                        .distinct()
                        .toList()
                : List.of();
    }
}
