package io.millrace.flow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A flow, read and checked; every setting has its value.
 *
 * @param file where it was read
 * @param params values of its parameters, secrets included
 * @param resources in the order in which they are opened; those that no one declared but a component needs are named by their kind
 * @param stages in the order of the file
 * @param durable whether the run is kept in a store and can be resumed
 * @param store the postgres resource that is the store; empty: the store of the program's settings
 */
public record Flow(
        String name,
        String description,
        Path file,
        ObjectNode params,
        Map<String, ResourceDef> resources,
        Map<String, Workers> workers,
        Map<String, Steps> functions,
        Map<String, Stage> stages,
        OnError onError,
        boolean durable,
        Optional<String> store,
        Limits limits) {

    /** The same flow with other stages. */
    public Flow withStages(Map<String, Stage> others) {
        return new Flow(
                name,
                description,
                file,
                params,
                resources,
                workers,
                functions,
                others,
                onError,
                durable,
                store,
                limits);
    }

    /** A stage that is known to be there. */
    public Stage stage(String stage) {
        Stage found = stages.get(stage);
        if (found == null) {
            throw new IllegalArgumentException("flow " + name + " has no stage " + stage);
        }
        return found;
    }

    /** A resource and its settings. */
    public record ResourceDef(String name, ResourceType type, Settings settings) {}

    /** A worker pool: its threads, and how much work may wait for them. */
    public record Workers(int threads, int queue) {}

    /**
     * When a run stops.
     *
     * @param items sources stop after so many records
     * @param failures the run fails above so many
     * @param failuresPercent or above this share of the items, in percent
     * @param hold bytes that a durable run may hold until its records are complete
     * @param spike by how much of the whole the share of failures may suddenly rise in a durable run before it is paused
     */
    public record Limits(
            Optional<Duration> time,
            OptionalLong items,
            OptionalLong failures,
            OptionalDouble failuresPercent,
            OptionalLong hold,
            Optional<Double> spike) {
        public static final Limits NONE = new Limits(
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                Optional.empty());
    }
}
