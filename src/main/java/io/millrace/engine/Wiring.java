package io.millrace.engine;

import io.millrace.engine.durable.Durability;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Settling;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.queue.Outbox;
import io.millrace.engine.queue.Quota;
import io.millrace.engine.queue.Wire;
import io.millrace.engine.stage.Brake;
import io.millrace.engine.stage.RateLimiter;
import io.millrace.engine.stage.Router;
import io.millrace.engine.stage.Router.Route;
import io.millrace.engine.stage.Router.Target;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.SeenKeys;
import io.millrace.engine.stage.Topology;
import io.millrace.flow.Flow;
import io.millrace.flow.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The addresses, quotas and routes of a run, and what all instances of a stage share. */
final class Wiring {
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final Optional<Durability> durability;
    private final Flow flow;
    private final Topology topology;
    private final Wire wire;
    private final String prefix = "millrace." + RUNS.incrementAndGet() + ".";
    private final AtomicInteger senders = new AtomicInteger();
    private final Map<String, Target> targets = new HashMap<>();
    private final Map<String, LongAdder> dropped = new HashMap<>();
    private final Map<String, RateLimiter> limiters = new HashMap<>();

    /** @param durability of a durable run */
    Wiring(Flow flow, Topology topology, Wire wire, Optional<Durability> durability) {
        this.durability = durability;
        this.flow = flow;
        this.topology = topology;
        this.wire = wire;
        for (Stage stage : flow.stages().values()) {
            LongAdder drops = new LongAdder();
            dropped.put(stage.name(), drops);
            targets.put(stage.name(), new Target(stage.queue(), new SeenKeys(), drops::increment));
            stage.rate().ifPresent(limit -> limiters.put(stage.name(), limiter(stage, limit, durability)));
        }
    }

    private static RateLimiter limiter(Stage stage, Stage.Limit limit, Optional<Durability> durability) {
        return durability
                .filter(Durability::isShared)
                .map(shared -> RateLimiter.wide(stage.name(), limit, shared::reserve))
                .orElseGet(() -> new RateLimiter(limit));
    }

    Wire wire() {
        return wire;
    }

    Topology topology() {
        return topology;
    }

    String address(String stage, int index) {
        return prefix + stage + "." + index;
    }

    /** How each instance of a stage shares its room. */
    Quota quota(Stage stage) {
        int instances = stage.instances();
        return new Quota(
                Math.max(1, stage.queue().capacity() / instances),
                Math.max(1, stage.queue().bytes() / instances),
                topology.senders(stage.name()));
    }

    @Nullable
    RateLimiter limiter(String stage) {
        return limiters.get(stage);
    }

    Brake brake(String stage) {
        return durability.map(durable -> durable.brake(stage)).orElse(Brake.NONE);
    }

    /** The store has dropped so many on the way to a stage. */
    void dropped(String stage, int items) {
        Objects.requireNonNull(dropped.get(stage)).add(items);
    }

    /** What {@code unique} has dropped on the way to a stage. */
    long dropped(String stage) {
        return Objects.requireNonNull(dropped.get(stage)).sum();
    }

    /** The ways of one instance of a stage. */
    Router router(String stage, Loop loop, Settling settling, RunControl control) {
        return router(stage, topology.targets(stage), loop, settling, control, true);
    }

    /**
     * The way of a source into its own stage.
     *
     * @param byTable whether over the table that the stage's queue may be
     */
    Router sourceRouter(String stage, Loop loop, Settling settling, RunControl control, boolean byTable) {
        return router("", Set.of(stage), loop, settling, control, byTable);
    }

    private Router router(
            String from, Set<String> to, Loop loop, Settling settling, RunControl control, boolean byTable) {
        Map<String, Route> routes = new HashMap<>();
        for (String target : to) {
            Stage stage = flow.stage(target);
            Target shared = Objects.requireNonNull(targets.get(target));
            if (byTable && stage.queue().durable()) {
                routes.put(target, new Route(null, shared, false));
                continue;
            }
            List<String> receivers = new ArrayList<>();
            for (int i = 0; i < stage.instances(); i++) {
                receivers.add(address(target, i));
            }
            int sender = senders.incrementAndGet();
            Outbox<Item> outbox =
                    new Outbox<>(sender, prefix + "grants." + sender, receivers, quota(stage), wire, loop);
            boolean closes = topology.closesCycle(from, target);
            routes.put(target, new Route(outbox, byTable ? shared : shared.seenBefore(), closes));
        }
        return new Router(routes, settling, control);
    }
}
