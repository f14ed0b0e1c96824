package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.Flow;
import io.millrace.spi.Expressions;
import io.millrace.spi.Resource;
import io.millrace.spi.RunLocks;
import io.millrace.spi.Variables;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the parts of one run share: its services, variables and open resources. */
final class RunScope implements Variables {
    private final Vertx vertx;
    private final String name;
    private final RunOptions options;
    private final Expressions expressions;
    private final Databases databases;
    private final Redaction redaction;
    private final LoopWatch watch;
    private final Map<String, ObjectNode> variables;
    private final Map<String, Resource> resources = new LinkedHashMap<>();
    private final Map<String, String> kinds = new LinkedHashMap<>();
    private final Map<String, Object> shared = new ConcurrentHashMap<>();
    private volatile @Nullable WorkerPools workers;
    private volatile Optional<RunLocks> locks = Optional.empty();

    RunScope(
            Vertx vertx,
            String name,
            RunOptions options,
            Expressions expressions,
            Databases databases,
            Map<String, ObjectNode> variables,
            ObjectNode shown,
            Redaction redaction) {
        this.redaction = redaction;
        this.watch = new LoopWatch(name, options.slowStep());
        this.vertx = vertx;
        this.name = name;
        this.options = options;
        this.expressions = expressions;
        this.databases = databases;
        this.variables = new LinkedHashMap<>(variables);
        this.variables.put("resources", shown);
    }

    /** Looks after the event loops of this run. */
    LoopWatch watch() {
        return watch;
    }

    Redaction redaction() {
        return redaction;
    }

    Vertx vertx() {
        return vertx;
    }

    String flowName() {
        return name;
    }

    RunOptions options() {
        return options;
    }

    Expressions expressions() {
        return expressions;
    }

    Databases databases() {
        return databases;
    }

    Object shared(String key, Supplier<?> made) {
        return shared.computeIfAbsent(key, absent -> made.get());
    }

    /** Other processes run it too. */
    void locks(Optional<RunLocks> ofAll) {
        locks = ofAll;
    }

    Optional<RunLocks> locks() {
        return locks;
    }

    /** The pools; those that the flow declares once it is known. */
    WorkerPools workers() {
        if (workers == null) {
            workers = new WorkerPools(vertx, "millrace", Map.of());
        }
        return workers;
    }

    void workers(WorkerPools declared) {
        WorkerPools before = workers;
        workers = declared;
        if (before != null) {
            before.close();
        }
    }

    void opened(Flow.ResourceDef definition, Resource resource) {
        resources.put(definition.name(), resource);
        kinds.put(definition.name(), definition.type().spec().name());
    }

    Map<String, Resource> resources() {
        return resources;
    }

    /** An open resource by name, or the only one of its kind. */
    Resource resource(Optional<String> named, String kind) {
        String found = named.orElseGet(() -> kinds.entrySet().stream()
                .filter(entry -> entry.getValue().equals(kind))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(kind));
        Resource resource = resources.get(found);
        if (resource == null) {
            throw new IllegalStateException("no " + kind + " resource \"" + found + "\" is open");
        }
        return resource;
    }

    @Override
    public @Nullable JsonNode variable(String variable) {
        return variables.get(variable);
    }
}
