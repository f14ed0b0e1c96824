package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.Problem.Severity;
import io.millrace.spi.Components;
import io.millrace.spi.Cursor;
import io.millrace.spi.Expressions;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads flow files: checks everything that can be checked before anything runs, and reports all problems at once. */
public final class FlowReader {
    /**
     * A flow to read.
     *
     * @param file as the user named it; it stands before every problem
     * @param text what the file holds
     * @param params given with {@code -p}
     * @param environment what {@code $env} shows
     * @param overrides given with {@code --set}: {@code stage.field} to value
     * @param runId identity of the run; empty to check only: a parameter without a value is then no error
     * @param workingDirectory what a relative {@code file} starts from
     * @param plugins the folder of jars whose classes flows may use
     */
    public record Request(
            String file,
            String text,
            Map<String, String> params,
            Map<String, String> environment,
            Map<String, String> overrides,
            String runId,
            Path workingDirectory,
            Path plugins) {
        /** With the jars of the folder {@code plugins} in the working directory. */
        public Request(
                String file,
                String text,
                Map<String, String> params,
                Map<String, String> environment,
                Map<String, String> overrides,
                String runId,
                Path workingDirectory) {
            this(
                    file,
                    text,
                    params,
                    environment,
                    overrides,
                    runId,
                    workingDirectory,
                    workingDirectory.resolve("plugins"));
        }

        /** To check a flow, with the environment of this process. */
        public static Request check(String file, String text, Path workingDirectory) {
            return new Request(file, text, Map.of(), System.getenv(), Map.of(), "", workingDirectory);
        }

        /** The flow's file, absolute. */
        Path path() {
            return workingDirectory.resolve(file).toAbsolutePath().normalize();
        }

        boolean isCheckOnly() {
            return runId.isEmpty();
        }
    }

    private final Components components;
    private final Expressions expressions;

    public FlowReader(Components components, Expressions expressions) {
        this.components = components;
        this.expressions = expressions;
    }

    /** Reads and checks. Never throws for a bad flow: its problems tell. */
    public CheckedFlow read(Request request) {
        JsonText.Parsed parsed = JsonText.parse(request.text());
        Problems problems = new Problems(request.file(), parsed.positions());
        parsed.mistakes()
                .forEach(mistake -> problems.add(
                        Severity.ERROR, mistake.place(), mistake.pointer(), mistake.what(), mistake.mend()));
        String name = name(request, parsed.root());
        if (!parsed.root().isObject()) {
            if (!parsed.root().isMissingNode()) {
                problems.atValue(
                        Severity.ERROR, "", "A flow is a JSON object.", "Write { \"source\": …, \"steps\": [ … ] }.");
            }
            return new ReadFlow.Unreadable(name, problems.inOrder());
        }
        return checked(request, name, (ObjectNode) parsed.root(), problems, parsed.positions());
    }

    private CheckedFlow checked(Request request, String name, ObjectNode root, Problems problems, Positions positions) {
        Overrides overrides = new Overrides(problems, name);
        overrides.apply(request.overrides(), root);
        problems.overridden(overrides.pointers());
        Declared declared = Declared.in(root, name, components);
        Set<String> open = new LinkedHashSet<>(declared.params());
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        Known known = new Known(Map.of("env", env(request), "params", values, "run", run(request, name)), open);
        Uses uses = new Uses();
        FlowCheck check = new FlowCheck(components, expressions, problems, declared, uses, known, request.plugins());
        Cursor top = new Cursor(root, "");
        Params params = new Params(check, top.child("params"), request.params(), request.isCheckOnly(), values, open);
        params.read();
        problems.hide(params.secrets());
        check.settings(top, Language.FLOW);
        shape(check, top);
        boolean durable = check.partial("")
                .map(flow -> DurableType.isOn(flow.get(Language.DURABLE)))
                .orElse(false);
        Linter linter = new Linter(check, top, stages(check, top), durable);
        linter.lint();
        return new ReadFlow(
                this,
                request,
                name,
                root,
                positions,
                problems,
                declared,
                uses,
                known,
                params.secrets(),
                durable,
                linter.keepsQueues(),
                linter.delivery());
    }

    Components components() {
        return components;
    }

    FlowCheck again(Problems problems, Declared declared, Known known, Path plugins) {
        return new FlowCheck(components, expressions, problems, declared, new Uses(), known, plugins);
    }

    private static void shape(FlowCheck check, Cursor top) {
        if (check.declared().single()) {
            return;
        }
        top.json().fieldNames().forEachRemaining(name -> {
            if (Language.isOfStageOnly(name)) {
                check.errorAtName(
                        top.child(name),
                        Words.quoted(name) + " belongs to a stage, and this flow has \"stages\".",
                        "Move it into the stage that it is for.");
            }
        });
        JsonNode stages = top.json().path(Language.STAGES.name());
        if (stages.isObject() && stages.isEmpty()) {
            check.error(
                    top.child(Language.STAGES.name()),
                    "This flow has no stage.",
                    "Add one: {\"name\": {\"source\": …}}.");
        }
        if (stages.has(TargetType.DISCARD)) {
            check.errorAtName(
                    top.child(Language.STAGES.name()).child(TargetType.DISCARD),
                    "A stage cannot be called \"discard\": that name drops results.",
                    "Give it another name.");
        }
    }

    private static List<StageView> stages(FlowCheck check, Cursor top) {
        if (check.declared().single()) {
            String name = check.declared().stages().iterator().next();
            return List.of(new StageView(name, top, check.partial("")));
        }
        Cursor stages = top.child(Language.STAGES.name());
        return check.declared().stages().stream()
                .map(stages::child)
                .filter(at -> at.json().isObject())
                .map(at -> new StageView(lastName(check, stages, at), at, check.partial(at.pointer())))
                .toList();
    }

    private static String lastName(FlowCheck check, Cursor stages, Cursor at) {
        return check.declared().stages().stream()
                .filter(name -> stages.child(name).pointer().equals(at.pointer()))
                .findFirst()
                .orElseThrow();
    }

    private static String name(Request request, JsonNode root) {
        JsonNode given = root.path(Language.NAME.name());
        if (given.isTextual() && !given.textValue().isBlank()) {
            return given.textValue();
        }
        String file = Optional.ofNullable(request.path().getFileName())
                .map(Path::toString)
                .orElse("flow");
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    private static ObjectNode env(Request request) {
        ObjectNode env = JsonNodeFactory.instance.objectNode();
        request.environment().forEach(env::put);
        return env;
    }

    private static ObjectNode run(Request request, String name) {
        Path folder = Optional.ofNullable(request.path().getParent()).orElse(request.workingDirectory());
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", request.runId())
                .put("name", name)
                .put("dir", folder.toString())
                .put("startedAt", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    }
}
