package io.millrace.flow;

import io.millrace.spi.Field;
import io.millrace.spi.Reference;
import io.millrace.spi.Settings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which stage of a flow sends to which, by {@code to} and by {@code emit}, and which of these ways close a cycle. */
public final class Routes {
    private record Edge(String from, String to) {}

    private final Flow flow;
    private final Map<String, Set<String>> targets = new LinkedHashMap<>();
    private final Set<Edge> back = new HashSet<>();
    private final Deque<Stage> order = new ArrayDeque<>();

    public Routes(Flow flow) {
        this.flow = flow;
        flow.stages().values().forEach(stage -> targets.put(stage.name(), targetsOf(stage)));
        Set<String> done = new HashSet<>();
        flow.stages().keySet().forEach(stage -> visit(stage, new LinkedHashSet<>(), done));
    }

    /** The stages that each stage sends to. */
    public Map<String, Set<String>> targets() {
        return targets;
    }

    /** The stages that a stage sends to. */
    public Set<String> targets(String stage) {
        return targets.getOrDefault(stage, Set.of());
    }

    /** Whether the edge closes a cycle: a back edge of a depth-first search in the order of the file. */
    public boolean closesCycle(String from, String to) {
        return back.contains(new Edge(from, to));
    }

    /** Whether an edge that closes a cycle leads to this stage. */
    public boolean isEnteredByCycle(String stage) {
        return back.stream().anyMatch(edge -> edge.to.equals(stage));
    }

    /** All stages, each before those it feeds, but for edges that close a cycle. */
    public List<Stage> inOrder() {
        return List.copyOf(order);
    }

    private void visit(String stage, LinkedHashSet<String> path, Set<String> done) {
        if (done.contains(stage) || !path.add(stage)) {
            return;
        }
        for (String next : targets(stage)) {
            if (path.contains(next)) {
                back.add(new Edge(stage, next));
            } else {
                visit(next, path, done);
            }
        }
        path.remove(stage);
        done.add(stage);
        order.addFirst(flow.stage(stage));
    }

    private Set<String> targetsOf(Stage stage) {
        Set<String> found = new LinkedHashSet<>(stage.to().targets());
        Emits emits = new Emits(found);
        emits.steps(stage.steps());
        emits.modifiers(stage.modifiers());
        if (stage.modifiers().onError().isEmpty() && flow.onError() instanceof OnError.Catch caught) {
            emits.steps(caught.steps());
        }
        return found;
    }

    /** Finds the stages named in steps, however deep, and in the functions they call. */
    private final class Emits {
        private final Set<String> found;
        private final Set<String> functions = new HashSet<>();

        Emits(Set<String> found) {
            this.found = found;
        }

        void steps(Steps steps) {
            for (StepDef step : steps.list()) {
                settings(step.settings());
                modifiers(step.modifiers());
            }
        }

        void modifiers(Modifiers modifiers) {
            modifiers.ensure().ifPresent(this::steps);
            modifiers.onError().ifPresent(this::value);
        }

        private void settings(Settings settings) {
            for (Field<?> field : settings.spec().fields()) {
                if (settings.has(field)) {
                    Object value = settings.find(field).orElseThrow();
                    field.type().names().ifPresent(to -> name(to, value));
                    value(value);
                }
            }
        }

        private void name(Reference.To to, Object value) {
            if (to == Reference.To.STAGE) {
                found.add((String) value);
            } else if (to == Reference.To.FUNCTION && functions.add((String) value)) {
                Steps body = flow.functions().get(value);
                if (body != null) {
                    steps(body);
                }
            }
        }

        private void value(Object value) {
            if (value instanceof Steps steps) {
                steps(steps);
            } else if (value instanceof OnError.Catch caught) {
                steps(caught.steps());
            } else if (value instanceof Settings settings) {
                settings(settings);
            } else if (value instanceof Collection<?> several) {
                several.forEach(this::value);
            } else if (value instanceof Map<?, ?> map) {
                new ArrayList<>(map.values()).forEach(this::value);
            }
        }
    }
}
