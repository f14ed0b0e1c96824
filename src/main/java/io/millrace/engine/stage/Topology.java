package io.millrace.engine.stage;

import io.millrace.flow.Flow;
import io.millrace.flow.Routes;
import io.millrace.flow.Stage;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The graph of a flow's stages: where results and emitted items go, which edges close a cycle, which sources reach a stage. */
public final class Topology {
    private final Flow flow;
    private final Routes routes;
    private final Map<String, Set<String>> sources = new HashMap<>();
    private final Map<String, Set<String>> queues = new HashMap<>();
    private final Map<String, Set<String>> upstream = new HashMap<>();

    public Topology(Flow flow) {
        this.flow = flow;
        this.routes = new Routes(flow);
        for (Stage stage : flow.stages().values()) {
            if (stage.source().isPresent() && !stage.queue().durable()) {
                spread(stage.name(), sources, false);
            }
            if (flow.durable()) {
                spread(stage.name(), queues, false);
            }
            spread(stage.name(), upstream, true);
        }
    }

    /** Whether any stage holds items back in groups. */
    public static boolean collects(Flow flow) {
        return flow.stages().values().stream().anyMatch(Topology::collects);
    }

    /** Whether the stage does. */
    public static boolean collects(Stage stage) {
        return stage.steps().list().stream().anyMatch(step -> step.type().spec().stageLevelOnly());
    }

    public boolean hasSource(String stage) {
        return flow.stage(stage).source().isPresent();
    }

    /** The stages that a stage sends to. */
    public Set<String> targets(String stage) {
        return routes.targets(stage);
    }

    /** Whether the edge closes a cycle: a back edge of a depth-first search in the order of the file. */
    public boolean closesCycle(String from, String to) {
        return routes.closesCycle(from, to);
    }

    /** The stages with a source from which items reach this stage without having been in a table on the way. */
    public Set<String> sources(String stage) {
        return sources.getOrDefault(stage, Set.of());
    }

    /** The stages from whose queue in the store items reach this stage without having been in another on the way; none in a plain flow. */
    public Set<String> queues(String stage) {
        return queues.getOrDefault(stage, Set.of());
    }

    /** The stages from which items reach this stage in any way, itself among them. */
    public Set<String> upstream(String stage) {
        return upstream.getOrDefault(stage, Set.of());
    }

    /** All stages, each before those it feeds, but for edges that close a cycle. */
    public List<Stage> inOrder() {
        return routes.inOrder();
    }

    /** How many instances and sources send to the stage. */
    public int senders(String stage) {
        if (flow.stage(stage).queue().durable()) {
            return 1;
        }
        int senders = (flow.stage(stage).source().isPresent() ? 1 : 0) + (flow.durable() ? 1 : 0);
        for (Map.Entry<String, Set<String>> entry : routes.targets().entrySet()) {
            if (entry.getValue().contains(stage)) {
                senders += flow.stage(entry.getKey()).instances();
            }
        }
        return senders;
    }

    private void spread(String from, Map<String, Set<String>> into, boolean overTables) {
        ArrayDeque<String> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            String stage = open.remove();
            if (into.computeIfAbsent(stage, name -> new HashSet<>()).add(from)) {
                targets(stage).stream()
                        .filter(next -> overTables || !flow.stage(next).queue().durable())
                        .forEach(open::add);
            }
        }
    }
}
