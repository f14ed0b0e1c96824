package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Cursor;
import io.millrace.spi.Reference.To;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Checks of a flow as a whole: how stages, resources and functions hang together. */
final class Linter {
    private final FlowCheck check;
    private final Cursor root;
    private final List<StageView> stages;
    private final boolean durable;
    private final Edges graph = new Edges();

    /** @param durable whether the flow is */
    Linter(FlowCheck check, Cursor root, List<StageView> stages, boolean durable) {
        this.check = check;
        this.root = root;
        this.stages = stages;
        this.durable = durable;
        edges();
    }

    void lint() {
        StageRules rules = new StageRules(check, graph);
        DurableRules durableRules = new DurableRules(check, graph, durable);
        for (StageView stage : stages) {
            rules.check(stage);
            durableRules.check(stage);
        }
        if (durable) {
            new SentAtOnce(check, stages).check();
        }
        unreachable();
        waitsForItself();
        if (check.errors() == 0) {
            unused();
            answers(durableRules);
        }
        NotYet notYet = new NotYet(check);
        notYet.flow(root);
        stages.forEach(notYet::stage);
    }

    /** Stages feed those that their {@code to} and {@code emit} name, also within functions that they call. */
    private void edges() {
        for (StageView stage : stages) {
            targets(stage).forEach(target -> graph.edge(stage.name(), target));
        }
    }

    private Set<String> targets(StageView stage) {
        Set<String> targets = new LinkedHashSet<>();
        Set<String> functions = functionsFrom(stage);
        for (Uses.Use use : check.uses().named(To.STAGE)) {
            boolean inFunction =
                    functions.stream().anyMatch(name -> use.pointer().startsWith(functionAt(name)));
            if (inFunction || (isOf(stage, use.pointer()) && !isAfter(stage, use.pointer()))) {
                targets.add(use.reference().name());
            }
        }
        return targets;
    }

    private boolean isOf(StageView stage, String pointer) {
        return stage.holds(pointer) && (!check.declared().single() || !pointer.startsWith("/functions/"));
    }

    private static boolean isAfter(StageView stage, String pointer) {
        String after = stage.at(Language.AFTER).pointer();
        return pointer.equals(after) || pointer.startsWith(after + "/");
    }

    /** Where the steps of a function stand. */
    static String functionAt(String name) {
        return "/functions/" + name.replace("~", "~0").replace("/", "~1") + "/";
    }

    private Set<String> functionsFrom(StageView stage) {
        Edges calls = new Edges();
        for (Uses.Use use : check.uses().named(To.FUNCTION)) {
            if (isOf(stage, use.pointer())) {
                calls.edge("", use.reference().name());
            }
            check.declared().functions().stream()
                    .filter(name -> use.pointer().startsWith(functionAt(name)))
                    .forEach(caller ->
                            calls.edge("function " + caller, use.reference().name()));
            calls.edge(use.reference().name(), "function " + use.reference().name());
        }
        return calls.reachable(Set.of(""));
    }

    private void unreachable() {
        List<String> sources = stages.stream()
                .filter(stage -> stage.has(Language.SOURCE))
                .map(StageView::name)
                .toList();
        Set<String> reached = graph.reachable(sources);
        Edges feeders = graph.reversed();
        for (StageView stage : stages) {
            if (sources.contains(stage.name()) || reached.contains(stage.name()) || hiddenByMistakes(stage.name())) {
                continue;
            }
            Set<String> before = feeders.reachable(Set.of(stage.name()));
            if (before.isEmpty()) {
                check.errorAtName(
                        stage.at(),
                        noWayIn(stage),
                        "Give it a \"source\", or name it in the \"to\" of another stage or in an \"emit\".");
            } else if (before.stream().noneMatch(name -> feeders.next(name).isEmpty())) {
                check.errorAtName(
                        stage.at(),
                        "No item ever comes to the stage " + Words.quoted(stage.name()) + ": only "
                                + Words.allOf(feeders.next(stage.name()))
                                + " feeds it, and nothing comes there either.",
                        "Give one of them a \"source\".");
            }
        }
    }

    private String noWayIn(StageView stage) {
        return check.declared().single()
                ? "No item ever comes into this flow: it has no \"source\"."
                : "No item ever comes to the stage " + Words.quoted(stage.name())
                        + ": it has no source, and no stage feeds it.";
    }

    /** Whether another mistake may hide the way in, so that this one would only follow from it. */
    private boolean hiddenByMistakes(String stage) {
        return check.uses().isSuggested(stage)
                || (check.errors() > 0 && !check.declared().single() && named(root.json(), stage));
    }

    private static boolean named(JsonNode json, String name) {
        if (json.isTextual()) {
            return json.textValue().equals(name);
        }
        for (JsonNode child : json) {
            if (named(child, name)) {
                return true;
            }
        }
        return false;
    }

    /** A stage waits for those it is {@code after}, and through them for whatever feeds them. */
    private void waitsForItself() {
        Edges waits = graph.reversed();
        for (StageView stage : stages) {
            stage.find(Language.AFTER).orElse(List.of()).forEach(earlier -> waits.edge(stage.name(), earlier));
        }
        for (StageView stage : stages) {
            for (String earlier : stage.find(Language.AFTER).orElse(List.of())) {
                if (earlier.equals(stage.name())
                        || waits.reachable(Set.of(earlier)).contains(stage.name())) {
                    check.error(
                            stage.at(Language.AFTER),
                            "The stage " + Words.quoted(stage.name()) + " would wait for itself: "
                                    + Words.quoted(earlier) + " cannot end before it.",
                            "Remove " + Words.quoted(earlier) + " from \"after\".");
                }
            }
        }
    }

    private void unused() {
        for (String name : check.declared().resources().keySet()) {
            if (!check.uses().usesResource(name)) {
                check.warnAtName(
                        root.child("resources").child(name),
                        "The resource " + Words.quoted(name) + " is not used.",
                        "Remove it, or name it in a step.");
            }
        }
        List<String> called = check.uses().named(To.FUNCTION).stream()
                .map(use -> use.reference().name())
                .toList();
        for (String name : new ArrayList<>(check.declared().functions())) {
            if (!called.contains(name)) {
                check.warnAtName(
                        root.child("functions").child(name),
                        "The function " + Words.quoted(name) + " is not called.",
                        "Remove it, or call it: {\"call\": " + Words.quoted(name) + "}.");
            }
        }
    }

    private void answers(DurableRules durableRules) {
        boolean answered = stages.stream()
                .flatMap(stage -> stage.find(Language.SOURCE).stream())
                .anyMatch(source -> source.component().spec().answers());
        for (Cursor at : check.uses().answers()) {
            if (answered) {
                durableRules.answer(at, places(at.pointer()), stages);
            } else {
                check.warnAtName(
                        at,
                        "Nobody waits for this answer: no source of the flow is a server.",
                        "Remove it, or take the items from a source such as \"http-server\".");
            }
        }
    }

    /** Whether the queue of any stage is a table. */
    boolean keepsQueues() {
        DurableRules rules = new DurableRules(check, graph, durable);
        return durable && stages.stream().anyMatch(rules::keepsQueue);
    }

    /** What is exactly once in a durable flow, and what is not; empty for a plain one. */
    List<Delivery> delivery() {
        if (!durable) {
            return List.of();
        }
        Deliveries deliveries = new Deliveries(check);
        stages.forEach(stage -> deliveries.stage(stage, effects(stage)));
        return deliveries.all();
    }

    /** The names of the steps of a stage, be it by functions, that do something outside of the process. */
    private List<String> effects(StageView stage) {
        return check.uses().effects().stream()
                .filter(step -> places(step.pointer()).contains(stage))
                .map(step -> step.pointer().substring(step.pointer().lastIndexOf('/') + 1))
                .distinct()
                .toList();
    }

    /** The stages in which a step stands, be it by a function. */
    private List<StageView> places(String pointer) {
        return stages.stream()
                .filter(stage -> isOf(stage, pointer)
                        || functionsFrom(stage).stream().anyMatch(name -> pointer.startsWith(functionAt(name))))
                .toList();
    }
}
