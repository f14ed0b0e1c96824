package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The shape of a flow: its stages, and how items go between them. It needs no open resource, so any flow that reads has one. */
public record Graph(String name, List<Node> nodes, List<Edge> edges) {
    /** A stage, with the names of its source and sink, if it has them. */
    public record Node(String name, Optional<String> source, Optional<String> sink) {}

    /**
     * A way from a stage to a stage.
     *
     * @param label the rule's condition; empty: always
     */
    public record Edge(String from, String to, Kind kind, String label) {}

    /** Why there is a way. */
    public enum Kind {
        /** Results go there. */
        TO,
        /** An {@code emit} step sends there. */
        EMIT,
        /** The second starts when the first has settled. */
        AFTER
    }

    /** The names of all stages. */
    public Set<String> stages() {
        Set<String> stages = new LinkedHashSet<>();
        nodes.forEach(node -> stages.add(node.name()));
        return stages;
    }

    /** Stages that have a source. */
    public Set<String> sources() {
        Set<String> sources = new LinkedHashSet<>();
        nodes.stream().filter(node -> node.source().isPresent()).forEach(node -> sources.add(node.name()));
        return sources;
    }

    /** Stages whose results leave the flow: nothing of theirs goes {@code to} another stage. */
    public Set<String> ends() {
        Set<String> ends = stages();
        edges.stream().filter(edge -> edge.kind() == Kind.TO).forEach(edge -> ends.remove(edge.from()));
        return ends;
    }

    /**
     * The graph of a flow as it stands in its file. What is not understood is left out: the checker speaks of it.
     *
     * @param single the stage's name in a flow without {@code stages}
     */
    public static Graph of(String name, JsonNode flow, String single) {
        JsonNode stages = flow.get("stages");
        Drawing drawing = new Drawing(flow.path("functions"), new ArrayList<>(), new LinkedHashSet<>());
        if (stages == null) {
            drawing.stage(single, flow);
        } else {
            stages.properties().forEach(stage -> drawing.stage(stage.getKey(), stage.getValue()));
        }
        return new Graph(name, List.copyOf(drawing.nodes), List.copyOf(drawing.edges));
    }

    private record Drawing(JsonNode functions, List<Node> nodes, Set<Edge> edges) {
        /** Templates: an "emit" in there is a name like any other. */
        private static final Set<String> DATA = Set.of("map", "set");

        void stage(String name, JsonNode stage) {
            nodes.add(new Node(name, component(stage.path("source")), component(stage.path("sink"))));
            to(name, stage.path("to"));
            List.of("steps", "onError", "finally").forEach(field -> emits(name, stage.path(field), new HashSet<>()));
            names(stage.path("after")).forEach(before -> edges.add(new Edge(before, name, Kind.AFTER, "")));
        }

        private void to(String from, JsonNode to) {
            for (JsonNode target : to.isArray() ? to : List.of(to)) {
                JsonNode stage = target.isObject() ? target.path("to") : target;
                if (stage.isTextual() && !stage.asText().equals("discard")) {
                    edges.add(new Edge(
                            from, stage.asText(), Kind.TO, target.path("when").asText("")));
                }
            }
        }

        private void emits(String from, JsonNode steps, Set<String> called) {
            if (steps.isArray()) {
                steps.forEach(step -> emits(from, step, called));
            }
            for (Map.Entry<String, JsonNode> field : steps.properties()) {
                emits(from, field.getKey(), field.getValue(), called);
            }
        }

        private void emits(String from, String step, JsonNode settings, Set<String> called) {
            if (step.equals("emit")) {
                names(settings.isObject() ? settings.path("to") : settings)
                        .forEach(to -> edges.add(new Edge(from, to, Kind.EMIT, "")));
            } else if (step.equals("call")) {
                String function =
                        settings.isObject() ? settings.path("function").asText() : settings.asText();
                if (called.add(function)) {
                    emits(from, functions.path(function), called);
                }
            } else if (!DATA.contains(step)) {
                emits(from, settings, called);
            }
        }

        private static Optional<String> component(JsonNode connector) {
            return connector.isObject() && !connector.isEmpty()
                    ? Optional.of(connector.fieldNames().next())
                    : names(connector).stream().findFirst();
        }

        private static List<String> names(JsonNode value) {
            List<String> names = new ArrayList<>();
            (value.isArray() ? value : List.of(value)).forEach(name -> {
                if (name.isTextual()) {
                    names.add(name.asText());
                }
            });
            return names;
        }
    }
}
