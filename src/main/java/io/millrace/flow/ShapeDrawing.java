package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Components;
import io.millrace.spi.Field;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Draws the {@link Shape} of a flow from its file as it stands, so that no resource has to be open. */
final class ShapeDrawing {
    private final Components components;
    private final JsonNode flow;

    ShapeDrawing(Components components, JsonNode flow) {
        this.components = components;
        this.flow = flow;
    }

    /** @param single the stage's name in a flow without {@code stages} */
    ObjectNode draw(String single) {
        ObjectNode shape = object().put(Shape.VERSION, Shape.CURRENT);
        ObjectNode stages = shape.putObject(Shape.STAGES);
        JsonNode declared = flow.path(Language.STAGES.name());
        if (declared.isObject()) {
            declared.properties().forEach(stage -> stages.set(stage.getKey(), stage(stage.getValue())));
        } else {
            stages.set(single, stage(flow));
        }
        shape.put(Shape.FUNCTIONS, Hash.brief(flow.path(Language.FUNCTIONS.name())));
        ObjectNode resources = shape.putObject(Shape.RESOURCES);
        flow.path(Language.RESOURCES.name())
                .properties()
                .forEach(resource -> resources.put(resource.getKey(), Hash.brief(resource.getValue())));
        return shape;
    }

    private ObjectNode stage(JsonNode stage) {
        ObjectNode drawn = object();
        Written.source(stage, components).ifPresent(source -> drawn.set(Shape.SOURCE, source(source)));
        Written.sink(stage, stage == flow, components).ifPresent(sink -> drawn.set(Shape.SINK, sink(sink)));
        targets(stage.path(Language.TO.name())).forEach(drawn.putArray(Shape.TO)::add);
        drawn.set(Shape.QUEUE, queue(stage.path(Language.QUEUE.name())));
        return drawn.put(Shape.STEPS, Hash.brief(behaviour(stage)));
    }

    private static ObjectNode source(Written source) {
        ObjectNode drawn = object().put(Shape.IS, source.spec().name());
        ObjectNode settings = hashes(source.settings());
        if (!source.isReplayable()) {
            return drawn.set(Shape.FREE, settings);
        }
        List<String> free = source.spec().mayChange().stream().map(Field::name).toList();
        drawn.set(Shape.KEPT, settings.deepCopy().remove(free));
        ObjectNode mayChange = settings.retain(free);
        return mayChange.isEmpty() ? drawn : drawn.set(Shape.FREE, mayChange);
    }

    private static ObjectNode sink(Written sink) {
        List<String> target = sink.spec().target().stream().map(Field::name).toList();
        ObjectNode settings = hashes(sink.settings());
        ObjectNode drawn = object().put(Shape.IS, sink.spec().name());
        drawn.set(Shape.KEPT, settings.deepCopy().retain(target));
        drawn.set(Shape.FREE, settings.deepCopy().remove(target));
        return drawn;
    }

    private static Set<String> targets(JsonNode to) {
        Set<String> targets = new TreeSet<>();
        for (JsonNode each : to.isArray() ? to : List.of(to)) {
            JsonNode target = each.isObject() ? each.path(Language.RULE_TO.name()) : each;
            if (target.isTextual() && !target.textValue().equals(TargetType.DISCARD)) {
                targets.add(target.textValue());
            }
        }
        return targets;
    }

    private static ObjectNode queue(JsonNode queue) {
        ObjectNode drawn = object();
        JsonNode unique = queue.path(Language.UNIQUE.name());
        JsonNode by = unique.isObject() ? unique.path(Language.UNIQUE_BY.name()) : unique;
        put(drawn, Language.UNIQUE.name(), by);
        put(drawn, Language.KEY.name(), queue.path(Language.KEY.name()));
        return drawn;
    }

    private static void put(ObjectNode drawn, String name, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            drawn.put(name, Hash.brief(value));
        }
    }

    /** What a stage does with its items. */
    private static ObjectNode behaviour(JsonNode stage) {
        ObjectNode behaviour = object();
        for (Field<?> field : List.of(Language.STEPS, Language.ON_ERROR, Language.FINALLY)) {
            behaviour.set(field.name(), stage.path(field.name()));
        }
        JsonNode as = stage.path(Language.SOURCE.name()).path(ComponentType.AS);
        behaviour.set(ComponentType.AS, as);
        JsonNode to = stage.path(Language.TO.name());
        if (to.path(0).isObject()) {
            behaviour.set(Language.TO.name(), to);
        }
        return behaviour;
    }

    private static ObjectNode hashes(ObjectNode settings) {
        ObjectNode hashes = object();
        settings.properties().forEach(setting -> put(hashes, setting.getKey(), setting.getValue()));
        return hashes;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
