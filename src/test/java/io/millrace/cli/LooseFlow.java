package io.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.Flow;
import io.millrace.flow.FlowReader;
import io.millrace.flow.Graph;
import io.millrace.flow.Problem;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A flow of which only the JSON is read; its problems are those listed in the file's own {@code problems} field. */
record LooseFlow(String file, JsonNode json) implements CheckedFlow {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    static CheckedFlow read(FlowReader.Request request) {
        try {
            return new LooseFlow(request.file(), MAPPER.readTree(request.text()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return file.replace(".json", "");
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (JsonNode each : json.path("problems")) {
            Problem.Severity severity =
                    Problem.Severity.valueOf(each.get("severity").asText());
            problems.add(new Problem(severity, file, each.get("line").asInt(), 3, "/stages", "Wrong.", "Mend it."));
        }
        return problems;
    }

    @Override
    public Graph graph() {
        return Graph.of(name(), json, "main");
    }

    @Override
    public ObjectNode shape() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public String paramsHash() {
        return "";
    }

    @Override
    public Map<String, ObjectNode> variables() {
        return Map.of();
    }

    @Override
    public List<String> resourceNames() {
        return List.of();
    }

    @Override
    public Flow.ResourceDef resource(String name, ObjectNode open) {
        throw new IllegalStateException("no resources here");
    }

    @Override
    public Flow flow(ObjectNode open) {
        throw new IllegalStateException("not run here");
    }
}
