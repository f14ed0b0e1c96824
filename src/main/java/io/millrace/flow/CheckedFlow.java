package io.millrace.flow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A flow file that has been checked. Its settings may still depend on what is known only when resources are open; so the engine asks
 * for them step by step: {@link #resourceNames}, then {@link #resource} for each in turn, then {@link #flow}.
 */
public interface CheckedFlow {
    String name();

    /** Errors and warnings, in the order of the file. */
    List<Problem> problems();

    default boolean isValid() {
        return problems().stream().noneMatch(Problem::isError);
    }

    /** Its shape, which is known before any resource is open; see {@link Graph#of}. */
    Graph graph();

    /** Whether runs of it are kept in a store, as far as that is known before resources are open. */
    default boolean durable() {
        return false;
    }

    /** Whether several processes may share a run of it: it has a queue in the store. Known before resources are open. */
    default boolean shared() {
        return false;
    }

    /** What a durable flow does exactly once and what at least once, in the order of the file; empty for a plain flow. */
    default List<Delivery> delivery() {
        return List.of();
    }

    /** The resource whose database is the store; empty: the store of the program's settings. */
    default Optional<String> store() {
        return Optional.empty();
    }

    /**
     * What must not change while a durable run is unfinished, see {@link Shape}. Known before any resource is open; of a flow that is not valid it
     * says nothing of use.
     */
    ObjectNode shape();

    /** Tells runs with other params apart: SHA-256 of their values, but for secrets, which may be renewed while a run is unfinished. */
    String paramsHash();

    /** The variables {@code env params run} (without resources) as this run sees them. */
    Map<String, ObjectNode> variables();

    /** Values of secret parameters: no log, error or dead letter may show them. */
    default Set<String> secrets() {
        return Set.of();
    }

    /** The resources to open, in order, implicit ones last. */
    List<String> resourceNames();

    /**
     * One resource with the settings it has now.
     *
     * @param open what the resources opened before it show as {@code $resources.<name>}
     * @throws FlowException if a setting is wrong now that its value is known
     */
    Flow.ResourceDef resource(String name, ObjectNode open);

    /**
     * The whole flow with every setting known.
     *
     * @param open what all resources show
     * @throws FlowException if a setting is wrong now that its value is known
     */
    Flow flow(ObjectNode open);
}
