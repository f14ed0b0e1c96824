package io.millrace.cli;

import io.millrace.flow.Graph;
import io.millrace.flow.Graph.Edge;
import io.millrace.flow.Graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A flow's graph as text that drawing tools read. */
final class GraphText {
    /** The language of the text. */
    enum Format {
        MERMAID,
        DOT;

        @Override
        public String toString() {
            return Words.lower(this);
        }
    }

    private static final Map<Graph.Kind, String> DOT_STYLES =
            Map.of(Graph.Kind.TO, "solid", Graph.Kind.EMIT, "dashed", Graph.Kind.AFTER, "dotted");

    private GraphText() {}

    static List<String> of(Graph graph, Format format) {
        return format == Format.DOT ? dot(graph) : mermaid(graph);
    }

    /** Mermaid has no dashed line beside its dotted one: an {@code after} is dotted, an emit is dashed by a style of its own. */
    private static List<String> mermaid(Graph graph) {
        List<String> lines = new ArrayList<>(List.of("flowchart LR"));
        List<String> styles = new ArrayList<>();
        graph.nodes()
                .forEach(node ->
                        lines.add("  " + id(graph, node.name()) + "[\"" + mermaidText(label(node, "<br>")) + "\"]"));
        int number = 0;
        for (Edge edge : graph.edges()) {
            lines.add("  " + id(graph, edge.from()) + mermaidArrow(edge) + id(graph, edge.to()));
            if (edge.kind() == Graph.Kind.EMIT) {
                styles.add("  linkStyle " + number + " stroke-dasharray: 6 4");
            }
            number++;
        }
        lines.addAll(styles);
        return lines;
    }

    private static String mermaidArrow(Edge edge) {
        String arrow = edge.kind() == Graph.Kind.AFTER ? " -.->" : " -->";
        String label = edgeLabel(edge);
        return arrow + (label.isEmpty() ? " " : "|\"" + mermaidText(label) + "\"| ");
    }

    private static List<String> dot(Graph graph) {
        List<String> lines = new ArrayList<>();
        lines.add("digraph " + quoted(graph.name()) + " {");
        lines.add("  rankdir=LR;");
        lines.add("  node [shape=box, style=rounded];");
        graph.nodes()
                .forEach(node -> lines.add("  " + quoted(node.name()) + " [label=" + quoted(label(node, "\n")) + "];"));
        for (Edge edge : graph.edges()) {
            String label = edgeLabel(edge);
            lines.add("  " + quoted(edge.from()) + " -> " + quoted(edge.to()) + " [style=" + DOT_STYLES.get(edge.kind())
                    + (label.isEmpty() ? "" : ", label=" + quoted(label)) + "];");
        }
        lines.add("}");
        return lines;
    }

    private static String label(Node node, String newline) {
        return part(node.source(), "from ", newline, true) + node.name() + part(node.sink(), "into ", newline, false);
    }

    private static String part(Optional<String> component, String word, String newline, boolean before) {
        return component
                .map(name -> before ? word + name + newline : newline + word + name)
                .orElse("");
    }

    private static String edgeLabel(Edge edge) {
        return switch (edge.kind()) {
            case TO -> edge.label();
            case EMIT -> "emit";
            case AFTER -> "after";
        };
    }

    /** Mermaid's ids take no punctuation, and some words are its own: stages are numbered. */
    private static String id(Graph graph, String stage) {
        List<String> names = graph.nodes().stream().map(Node::name).toList();
        int at = names.indexOf(stage);
        return at < 0 ? "unknown" : "s" + (at + 1);
    }

    private static String mermaidText(String text) {
        return text.replace("\"", "#quot;");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
