package io.millrace.engine.stage;

import io.millrace.flow.Flow;
import io.millrace.flow.Stage;
import io.millrace.flow.StepDef;
import io.millrace.spi.Field;
import io.millrace.spi.Jq;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The {@link Unit}s of a flow, in the order of the file. */
public final class Units {
    private static final String GROUP_KEY = "by";

    private final Flow flow;
    private final Topology topology;
    private final Map<String, Set<String>> neighbours = new HashMap<>();
    private final List<Unit> all = new ArrayList<>();

    public Units(Flow flow, Topology topology) {
        this.flow = flow;
        this.topology = topology;
        flow.stages().keySet().forEach(this::edges);
        Set<String> known = new HashSet<>();
        for (Stage stage : flow.stages().values()) {
            if (stage.source().isPresent() && stage.queue().durable()) {
                all.add(new Unit(stage.name(), Set.of(), Set.of(stage.name()), true));
            }
            if (!known.contains(stage.name())) {
                Set<String> stages = reached(stage.name());
                known.addAll(stages);
                all.add(unit(stages));
            }
        }
    }

    public List<Unit> all() {
        return List.copyOf(all);
    }

    private void edges(String from) {
        for (String to : topology.targets(from)) {
            if (!flow.stage(to).queue().durable()) {
                neighbours.computeIfAbsent(from, name -> new HashSet<>()).add(to);
                neighbours.computeIfAbsent(to, name -> new HashSet<>()).add(from);
            }
        }
    }

    private Set<String> reached(String from) {
        Set<String> stages = new TreeSet<>();
        ArrayDeque<String> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            String stage = open.remove();
            if (stages.add(stage)) {
                open.addAll(neighbours.getOrDefault(stage, Set.of()));
            }
        }
        return stages;
    }

    private Unit unit(Set<String> stages) {
        Set<String> sources = find(
                stages, stage -> stage.source().isPresent() && !stage.queue().durable());
        Set<String> alone = find(stages, Units::wantsToBeAlone);
        Set<String> first = !sources.isEmpty() ? sources : !alone.isEmpty() ? alone : find(stages, stage -> true);
        return new Unit(first.iterator().next(), stages, sources, !sources.isEmpty() || !alone.isEmpty());
    }

    private Set<String> find(Set<String> among, Predicate<Stage> which) {
        Set<String> found = new LinkedHashSet<>();
        flow.stages().values().stream()
                .filter(stage -> among.contains(stage.name()) && which.test(stage))
                .forEach(stage -> found.add(stage.name()));
        return found;
    }

    private static boolean wantsToBeAlone(Stage stage) {
        return stage.ordered() || writesFiles(stage) || gathersFromAnywhere(stage);
    }

    /** Whether its sink grows files, which lie on one machine and have one writer. */
    public static boolean writesFiles(Stage stage) {
        return stage.sink()
                .map(sink -> sink.type().spec().appendsTo().isPresent())
                .orElse(false);
    }

    /** Whether it puts items together by a value, and the items of one value may come to any process. */
    private static boolean gathersFromAnywhere(Stage stage) {
        Optional<String> key = stage.queue().key().map(Units::bare);
        return stage.steps().list().stream()
                .filter(step -> step.type().spec().stageLevelOnly())
                .anyMatch(
                        step -> by(step).map(by -> !key.equals(Optional.of(by))).orElse(false));
    }

    private static Optional<String> by(StepDef step) {
        for (Field<?> field : step.settings().spec().fields()) {
            if (field.name().equals(GROUP_KEY) && step.settings().find(field).orElse(null) instanceof Jq jq) {
                return Optional.of(bare(jq));
            }
        }
        return Optional.empty();
    }

    private static String bare(Jq jq) {
        return jq.source().strip();
    }
}
