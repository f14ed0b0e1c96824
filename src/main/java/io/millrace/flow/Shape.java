package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of a flow must stay as it is while a durable run of it is unfinished, as a JSON object that can be kept: its sources, where its sinks
 * write, where results go, what queues tell items apart by. It holds names and hashes, no setting itself, as those may be secret.
 *
 * <p>What a stage does with its items may change at any time: what is done stays as it was done.
 */
public final class Shape {
    /** What came to be different; {@code added} is refused unless it is accepted. Each is a clause without its full stop: {@code "path" of the source of the stage "urls" has changed}. */
    public record Changes(List<String> refused, List<String> added, List<String> harmless) {
        public Changes {
            refused = List.copyOf(refused);
            added = List.copyOf(added);
            harmless = List.copyOf(harmless);
        }

        /** @param accepted whether sinks may be added that will lack what is done already */
        public boolean areRefused(boolean accepted) {
            return !refused.isEmpty() || !(accepted || added.isEmpty());
        }

        /** Each of them. */
        public List<String> all() {
            return Stream.of(refused, added, harmless).flatMap(List::stream).toList();
        }

        /** Why an unfinished run cannot go on with the flow as it is now, and how to mend it. */
        public String refusal(long run) {
            return "run " + run + " is unfinished, and what it has done does not fit the flow any more: "
                    + Stream.of(refused, added).flatMap(List::stream).collect(Collectors.joining("; "))
                    + (refused.isEmpty()
                            ? ". Go on with --accept-changes: what is new gets what is done from now on; or begin anew with --fresh."
                            : ". Finish it with the flow as it was, or begin anew with --fresh.");
        }
    }

    static final int CURRENT = 1;
    static final String VERSION = "version";
    static final String STAGES = "stages";
    static final String FUNCTIONS = "functions";
    static final String RESOURCES = "resources";
    static final String SOURCE = "source";
    static final String SINK = "sink";
    static final String TO = "to";
    static final String QUEUE = "queue";
    static final String STEPS = "steps";
    /** The name of a component. */
    static final String IS = "is";
    /** Settings of a component that must not change. */
    static final String KEPT = "kept";
    /** Those that may. */
    static final String FREE = "free";

    private final ObjectNode then;
    private final ObjectNode now;
    private final Set<String> holding;
    private final List<String> refused = new ArrayList<>();
    private final List<String> added = new ArrayList<>();
    private final List<String> harmless = new ArrayList<>();

    private Shape(ObjectNode then, ObjectNode now, Set<String> holding) {
        this.then = then;
        this.now = now;
        this.holding = holding;
    }

    /**
     * Compares two shapes.
     *
     * @param then the one that was kept with the run
     * @param holding the stages whose queues hold items in the store
     */
    public static Changes changes(ObjectNode then, ObjectNode now, Set<String> holding) {
        if (then.path(VERSION).intValue() != now.path(VERSION).intValue()) {
            return new Changes(List.of(), List.of(), List.of("it was begun by another version of millrace"));
        }
        Shape shape = new Shape(then, now, holding);
        shape.compare();
        return new Changes(shape.refused, shape.added, shape.harmless);
    }

    private void compare() {
        for (String name : names(then.path(STAGES), now.path(STAGES))) {
            stage(name, then.path(STAGES).path(name), now.path(STAGES).path(name));
        }
        if (!then.path(FUNCTIONS).equals(now.path(FUNCTIONS))) {
            harmless.add("the functions have changed");
        }
        for (String name : names(then.path(RESOURCES), now.path(RESOURCES))) {
            thing(
                    "the resource " + Words.quoted(name),
                    then.path(RESOURCES).path(name),
                    now.path(RESOURCES).path(name));
        }
    }

    private void thing(String what, JsonNode before, JsonNode after) {
        if (before.isMissingNode()) {
            harmless.add(what + " is new");
        } else if (after.isMissingNode()) {
            harmless.add(what + " is gone");
        } else if (!before.equals(after)) {
            harmless.add(what + " has changed");
        }
    }

    private void stage(String name, JsonNode before, JsonNode after) {
        String stage = "the stage " + Words.quoted(name);
        if (before.isMissingNode()) {
            added(stage, after);
        } else if (after.isMissingNode()) {
            removed(stage, before, holding.contains(name));
        } else {
            component("source", stage, before.path(SOURCE), after.path(SOURCE));
            component("sink", stage, before.path(SINK), after.path(SINK));
            routes(stage, before.path(TO), after.path(TO));
            queue(stage, before.path(QUEUE), after.path(QUEUE), holding.contains(name));
            if (!before.path(STEPS).equals(after.path(STEPS))) {
                harmless.add("the steps of " + stage + " have changed");
            }
        }
    }

    private void added(String stage, JsonNode after) {
        if (after.has(SINK) && !after.has(SOURCE)) {
            added.add(stage + " is new, and its sink would lack what is done already");
        } else {
            harmless.add(stage + " is new");
        }
    }

    private void removed(String stage, JsonNode before, boolean holdsItems) {
        if (holdsItems) {
            refused.add(stage + " is gone, and its queue still holds items");
        } else if (before.path(SOURCE).has(KEPT)) {
            refused.add(stage + " is gone, which read " + is(before.path(SOURCE)));
        } else if (before.has(SINK)) {
            refused.add(stage + " is gone, which wrote to " + is(before.path(SINK)));
        } else {
            harmless.add(stage + " is gone");
        }
    }

    private void component(String kind, String stage, JsonNode before, JsonNode after) {
        String what = "the " + kind + " of " + stage;
        boolean matters = kind.equals(SINK) || before.has(KEPT);
        if (before.isMissingNode() && after.isMissingNode()) {
            return;
        }
        if (before.isMissingNode()) {
            (kind.equals(SINK) ? added : harmless).add(stage + " has the " + kind + " " + is(after) + ", and had none");
        } else if (after.isMissingNode()) {
            (matters ? refused : harmless).add(stage + " has no " + kind + " any more, and had " + is(before));
        } else if (!before.path(IS).equals(after.path(IS))) {
            (matters ? refused : harmless).add(what + " is " + is(after) + ", and was " + is(before));
        } else {
            settings(what, before.path(KEPT), after.path(KEPT), matters ? refused : harmless);
            settings(what, before.path(FREE), after.path(FREE), harmless);
        }
    }

    private static void settings(String what, JsonNode before, JsonNode after, List<String> into) {
        for (String name : names(before, after)) {
            if (!before.path(name).equals(after.path(name))) {
                into.add(Words.quoted(name) + " of " + what + " has changed");
            }
        }
    }

    private void routes(String stage, JsonNode before, JsonNode after) {
        if (!before.equals(after)) {
            (onlyMore(before, after) ? added : refused)
                    .add("results of " + stage + " go " + where(after) + ", and went " + where(before));
        }
    }

    /** Whether results go where they went, and to stages besides that are new. */
    private boolean onlyMore(JsonNode before, JsonNode after) {
        Set<String> more = new TreeSet<>();
        after.forEach(stage -> more.add(stage.asText()));
        boolean all = !before.isEmpty();
        for (JsonNode stage : before) {
            all &= more.remove(stage.asText());
        }
        return all && more.stream().noneMatch(stage -> then.path(STAGES).has(stage));
    }

    private static String where(JsonNode to) {
        List<String> stages = new ArrayList<>();
        to.forEach(stage -> stages.add(stage.asText()));
        return stages.isEmpty() ? "to no stage" : "to " + Words.allOf(stages);
    }

    private void queue(String stage, JsonNode before, JsonNode after, boolean holdsItems) {
        for (String name : names(before, after)) {
            if (!before.path(name).equals(after.path(name))) {
                String what = Words.quoted(name) + " of the queue of " + stage + " has changed";
                (holdsItems ? refused : harmless).add(holdsItems ? what + ", and it still holds items" : what);
            }
        }
    }

    private static String is(JsonNode component) {
        return Words.quoted(component.path(IS).asText());
    }

    private static Set<String> names(JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
