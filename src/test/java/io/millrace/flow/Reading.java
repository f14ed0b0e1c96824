package io.millrace.flow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.expr.JqExpressions;
import io.millrace.spi.Components;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads flows for tests. */
final class Reading {
    static final Components COMPONENTS = TestComponents.all();
    static final FlowReader READER = new FlowReader(COMPONENTS, new JqExpressions());

    private Reading() {}

    static FlowReader.Request request(String file, String text) {
        return new FlowReader.Request(
                file, text, Map.of(), Map.of("HOME", "/home/ada"), Map.of(), "17", Path.of("/work"));
    }

    static FlowReader.Request withPlugins(String file, String text, Path plugins) {
        FlowReader.Request plain = request(file, text);
        return new FlowReader.Request(
                file,
                text,
                plain.params(),
                plain.environment(),
                plain.overrides(),
                plain.runId(),
                plain.workingDirectory(),
                plugins);
    }

    static FlowReader.Request request(String text) {
        return request("test.json", text);
    }

    static FlowReader.Request withParams(String text, Map<String, String> params) {
        return new FlowReader.Request("test.json", text, params, Map.of(), Map.of(), "17", Path.of("/work"));
    }

    static FlowReader.Request withSets(String text, Map<String, String> sets) {
        return new FlowReader.Request("test.json", text, Map.of(), Map.of(), sets, "17", Path.of("/work"));
    }

    static CheckedFlow checked(String text) {
        return READER.read(request(text));
    }

    /** The flow as an engine gets it, with nothing to show for its resources. */
    static Flow flow(String text) {
        return checked(text).flow(none());
    }

    static ObjectNode none() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** What {@code check} prints. */
    static String problems(CheckedFlow flow) {
        return flow.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
