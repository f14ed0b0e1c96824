package io.millrace.engine.stage;

import io.millrace.engine.item.Origin;
import io.millrace.flow.Flow;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What can still come to the stages of a run: from sources, and from queues in the store. */
public final class Supply {
    /** What feeds the stages in this process. */
    public interface Feeds {
        /** That of the stage's source, if it has one. */
        Optional<Origin> source(String stage);

        /** That of the stage's queue in the store; empty in a plain flow. */
        Optional<Origin> queue(String stage);

        /** Whether that queue has nothing to offer. */
        boolean isDry(String stage);
    }

    private final Flow flow;
    private final Topology topology;
    private final List<Unit> units;
    private final Feeds feeds;

    public Supply(Flow flow, Topology topology, Feeds feeds) {
        this.flow = flow;
        this.topology = topology;
        this.units = new Units(flow, topology).all();
        this.feeds = feeds;
    }

    /** The parts of the flow, in its order. */
    public List<Unit> units() {
        return units;
    }

    /** The unit that has the stage. */
    public Unit unit(String stage) {
        return units.stream()
                .filter(unit -> unit.stages().contains(stage))
                .findFirst()
                .orElseThrow();
    }

    /** Whether any stage of it holds items back in groups. */
    public boolean holdsGroups(Unit unit) {
        return unit.stages().stream().anyMatch(stage -> Topology.collects(flow.stage(stage)));
    }

    /** The stages of other units from which items reach the stage, if its own unit holds groups; else none. */
    public Set<String> feeders(String stage) {
        Unit own = unit(stage);
        Set<String> others = new HashSet<>(holdsGroups(own) ? topology.upstream(stage) : Set.of());
        others.removeAll(own.stages());
        return others;
    }

    /**
     * Whether every source from which items reach the stage has ended, and the queues on the way have nothing to offer.
     *
     * @param supplied in a shared run, of a stage: whether nothing comes to its queue from other units any more, in whatever process they run
     */
    public boolean isInputEnded(String stage, Optional<Predicate<String>> supplied) {
        return topology.sources(stage).stream()
                        .allMatch(source -> feeds.source(source).orElseThrow().ended())
                && topology.queues(stage).stream().allMatch(queue -> isDry(queue, supplied));
    }

    /** Whether the queue has nothing to offer, nor any before it; those of other units count as the store knows them. */
    private boolean isDry(String queue, Optional<Predicate<String>> supplied) {
        Set<String> others = supplied.isPresent() ? feeders(queue) : Set.of();
        return (others.isEmpty() || supplied.orElseThrow().test(queue))
                && topology.upstream(queue).stream()
                        .filter(stage -> !others.contains(stage))
                        .allMatch(this::offersNothing);
    }

    private boolean offersNothing(String stage) {
        return feeds.source(stage).map(Origin::ended).orElse(true)
                && (feeds.queue(stage).isEmpty() || feeds.isDry(stage));
    }

    /** Whether all that could reach the stage is settled. */
    public boolean isSettled(String stage) {
        return Stream.concat(
                        topology.sources(stage).stream()
                                .map(source -> feeds.source(source).orElseThrow()),
                        topology.queues(stage).stream().flatMap(queue -> feeds.queue(queue).stream()))
                .allMatch(Origin::done);
    }
}
