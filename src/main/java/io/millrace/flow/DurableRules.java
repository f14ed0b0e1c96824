package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Cursor;
import io.millrace.spi.Field;
import io.millrace.spi.Spec;
import io.millrace.spi.Template;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold in a durable flow, so that nothing is lost and nothing done twice; and what only such a flow can have. */
final class DurableRules {
    private final FlowCheck check;
    private final Edges graph;
    private final boolean durable;
    private final Map<String, StageView> writers = new HashMap<>();

    DurableRules(FlowCheck check, Edges graph, boolean durable) {
        this.check = check;
        this.graph = graph;
        this.durable = durable;
    }

    void check(StageView stage) {
        queue(stage);
        if (durable) {
            source(stage);
            Optional<Written> sink =
                    Written.sink(stage.at().json(), check.declared().single(), check.components());
            sink.ifPresent(written -> {
                settings(stage, written);
                path(stage, written);
            });
        }
    }

    private void settings(StageView stage, Written sink) {
        for (Spec.Refusal refusal : sink.spec().refusedWhenDurable()) {
            if (refusal.when().test(sink.settings())) {
                Cursor at = stage.at(Language.SINK)
                        .child(sink.spec().name())
                        .child(refusal.field().name());
                check.error(at, refusal.what(), refusal.mend());
            }
        }
    }

    /** Whether the stage's queue is a table, or has to be. */
    boolean keepsQueue(StageView stage) {
        return written(stage).booleanValue() || (durable && mustKeepQueue(stage));
    }

    private boolean mustKeepQueue(StageView stage) {
        return queueOf(stage).json().hasNonNull(Language.UNIQUE.name()) || graph.inCycle(stage.name());
    }

    private static Cursor queueOf(StageView stage) {
        return stage.at(Language.QUEUE);
    }

    private static JsonNode written(StageView stage) {
        return queueOf(stage).json().path(Language.QUEUE_DURABLE.name());
    }

    private void queue(StageView stage) {
        Cursor at = queueOf(stage).child(Language.QUEUE_DURABLE.name());
        if (!durable && written(stage).booleanValue()) {
            check.error(
                    at,
                    "Only a durable flow can have a durable queue.",
                    "Add \"durable\": true to the flow, or remove it here.");
        }
        if (durable && written(stage).isBoolean() && !written(stage).booleanValue() && mustKeepQueue(stage)) {
            check.error(
                    at,
                    "In a durable flow the queue of a stage with \"unique\", or in a cycle, is durable: what it holds and"
                            + " what it has seen must not be forgotten.",
                    "Remove \"durable\" here.");
        }
        Cursor remembered = queueOf(stage).child(Language.UNIQUE.name()).child(Language.UNIQUE_FOR.name());
        if (!durable && !remembered.json().isMissingNode() && !remembered.json().isNull()) {
            check.error(
                    remembered,
                    "Only a durable flow remembers values across runs.",
                    "Add \"durable\": true to the flow, or remove \"for\".");
        }
    }

    private void source(StageView stage) {
        Optional<Written> source = Written.source(stage.at().json(), check.components());
        if (source.isEmpty() || source.get().isReplayable()) {
            return;
        }
        Optional<Field<?>> needed = source.get().spec().replayableWith();
        String name = Words.quoted(source.get().spec().name());
        Cursor at = stage.at(Language.SOURCE);
        if (needed.isPresent()) {
            String field = Words.quoted(needed.get().name());
            check.error(
                    at,
                    "A durable run cannot go on where it stopped reading from " + name + " without " + field + ".",
                    "Add " + field + ": " + Words.within(needed.get().doc()));
        } else if (!keepsQueue(stage)) {
            Optional<Field<?>> hindering = source.get().hindering();
            check.error(
                    at,
                    "What comes from " + name
                            + hindering
                                    .map(field -> " with " + Words.quoted(field.name()))
                                    .orElse("")
                            + " cannot be read again after a crash, so a durable flow has to keep it first.",
                    "Add \"queue\": {\"durable\": true} to this stage"
                            + hindering
                                    .map(field -> ", or change " + Words.quoted(field.name()) + ".")
                                    .orElse(". Without that, sources are " + Words.anyOf(replayable()) + "."));
        }
    }

    private List<String> replayable() {
        return check.names(Spec.Kind.SOURCE).stream()
                .filter(name ->
                        check.components().source(name).orElseThrow().spec().replayable())
                .toList();
    }

    /** A file has one writer, which knows how long it is. */
    private void path(StageView stage, Written sink) {
        Optional<Field<?>> path = sink.spec().appendsTo();
        if (path.isEmpty()) {
            return;
        }
        JsonNode where = sink.settings().path(path.get().name());
        StageView other = where.isTextual()
                ? writers.putIfAbsent(file(stage.at(Language.SINK).with(where)), stage)
                : null;
        if (other != null) {
            check.error(
                    stage.at(Language.SINK),
                    "The stage " + Words.quoted(other.name()) + " writes to " + Words.shown(where)
                            + " as well, and in a durable flow a file has one writer.",
                    "Send these results to that stage, or write to another file.");
        }
    }

    /** The path as far as it is known: one made of an item stays as it is written. */
    private String file(Cursor path) {
        Template template = check.fixed(path);
        String known = template == null || !template.isStatic()
                ? path.json().textValue()
                : check.evaluate(path, template)
                        .map(JsonNode::asText)
                        .orElse(path.json().textValue());
        try {
            return known.contains("${") ? known : Path.of(known).normalize().toString();
        } catch (InvalidPathException toldElsewhere) {
            return known;
        }
    }

    /**
     * Nobody waits for an answer once the record is kept: 202 was said then.
     *
     * @param places the stages in which the answer is given
     */
    void answer(Cursor at, List<StageView> places, List<StageView> stages) {
        for (StageView kept : stages) {
            boolean behind = keepsQueue(kept)
                    && places.stream()
                            .map(StageView::name)
                            .anyMatch(place -> place.equals(kept.name())
                                    || graph.reachable(Set.of(kept.name())).contains(place));
            if (behind) {
                check.errorAtName(
                        at,
                        "Behind the durable queue of the stage " + Words.quoted(kept.name())
                                + " nobody waits for an answer: the sender has been told that the record is kept.",
                        "Remove this step.");
                return;
            }
        }
    }
}
