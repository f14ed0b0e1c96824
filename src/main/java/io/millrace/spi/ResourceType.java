package io.millrace.spi;

import java.util.Optional;

/** A kind of resource that flows can declare; the name of its spec is the kind. */
public non-sealed interface ResourceType extends Component {
    /** Makes a resource. Nothing is opened yet. */
    Resource build(Settings settings, Assembly assembly);

    /**
     * The address of the PostgreSQL database that such a resource stands for, so that it can be the store of a durable flow; empty if it is the embedded server,
     * or no database at all.
     *
     * @param run the variables of the run
     */
    default Optional<String> database(Settings settings, Variables run) {
        return Optional.empty();
    }
}
