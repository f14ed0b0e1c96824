package io.millrace.spi;

import java.util.Collection;
import java.util.Optional;

/** Every component there is, by name. */
public interface Components {
    /** The names of all components of a kind, sorted. */
    Collection<String> names(Spec.Kind kind);

    Optional<StepType> step(String name);

    Optional<SourceType> source(String name);

    Optional<SinkType> sink(String name);

    Optional<ResourceType> resource(String kind);
}
