package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.flow.Problem.Severity;
import io.millrace.spi.Nearest;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fields of stages that the command line sets: {@code --set pages.instances=4}, {@code --set pages.queue.capacity=10}. */
final class Overrides {
    private static final List<String> FIELDS = List.of(
            "instances",
            "concurrency",
            "ordered",
            "rate",
            "timeout",
            "queue.capacity",
            "queue.bytes",
            "batch.items",
            "batch.bytes",
            "batch.wait",
            "retry.attempts",
            "retry.total");

    private final Problems problems;
    private final String flow;
    private final Map<String, String> pointers = new LinkedHashMap<>();

    Overrides(Problems problems, String flow) {
        this.problems = problems;
        this.flow = flow;
    }

    /** Where a value from the command line stands now, with the words that set it. */
    Map<String, String> pointers() {
        return pointers;
    }

    void apply(Map<String, String> sets, ObjectNode root) {
        sets.forEach((key, value) -> apply(key, value, root));
    }

    private void apply(String key, String value, ObjectNode root) {
        String said = "--set " + key + "=" + value;
        JsonNode stages = root.path(Language.STAGES.name());
        Optional<String> stage = stageOf(key, stages, root);
        if (stage.isEmpty()) {
            String names = stages.isObject() ? Words.anyOf(namesOf(stages)) : Words.quoted(flow);
            problem(said + " names no stage of this flow.", "Write --set STAGE.FIELD=VALUE; STAGE is " + names + ".");
            return;
        }
        String field =
                key.startsWith(stage.get() + ".") ? key.substring(stage.get().length() + 1) : key;
        if (!FIELDS.contains(field)) {
            problem(
                    said + " sets what cannot be set.",
                    Nearest.to(field, FIELDS)
                            .map(near -> "Did you mean " + Words.quoted(near) + "?")
                            .orElse("Set one of " + Words.anyOf(FIELDS) + "."));
            return;
        }
        boolean single = !root.has(Language.STAGES.name());
        set(
                single ? root : (ObjectNode) stages.path(stage.get()),
                single ? "" : "/stages/" + stage.get(),
                field,
                value,
                said);
    }

    private Optional<String> stageOf(String key, JsonNode stages, ObjectNode root) {
        if (!root.has(Language.STAGES.name())) {
            return key.startsWith(flow + ".") || FIELDS.contains(key) ? Optional.of(flow) : Optional.empty();
        }
        return namesOf(stages).stream()
                .filter(name -> key.startsWith(name + ".") && stages.path(name).isObject())
                .max(Comparator.comparingInt(String::length));
    }

    private void set(ObjectNode stage, String pointer, String field, String value, String said) {
        int dot = field.indexOf('.');
        if (dot < 0) {
            stage.set(field, scalar(value));
        } else {
            JsonNode within = stage.path(field.substring(0, dot));
            ObjectNode object = within.isObject() ? (ObjectNode) within : stage.putObject(field.substring(0, dot));
            object.set(field.substring(dot + 1), scalar(value));
        }
        pointers.put(pointer + "/" + field.replace('.', '/'), said);
    }

    private static JsonNode scalar(String value) {
        if (value.matches("-?\\d{1,9}")) {
            return JsonNodeFactory.instance.numberNode(Integer.parseInt(value));
        }
        return value.equals("true") || value.equals("false")
                ? JsonNodeFactory.instance.booleanNode(value.equals("true"))
                : TextNode.valueOf(value);
    }

    private static List<String> namesOf(JsonNode object) {
        List<String> names = new java.util.ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void problem(String what, String mend) {
        problems.atValue(Severity.ERROR, "", what, mend);
    }
}
