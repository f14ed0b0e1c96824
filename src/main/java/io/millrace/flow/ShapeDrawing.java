package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Component;
import io.millrace.spi.Components;
import io.millrace.spi.Field;
import io.millrace.spi.Spec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Draws the {@link Shape} of a flow from its file as it stands, so that no resource has to be open. */
final class ShapeDrawing {
    private static final String DEFAULT_SINK = "stdout";

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
        find(Spec.Kind.SOURCE, stage.path(Language.SOURCE.name()))
                .ifPresent(source -> drawn.set(Shape.SOURCE, source(source, stage.path(Language.SOURCE.name()))));
        sink(stage).ifPresent(sink -> drawn.set(Shape.SINK, sink));
        targets(stage.path(Language.TO.name())).forEach(drawn.putArray(Shape.TO)::add);
        drawn.set(Shape.QUEUE, queue(stage.path(Language.QUEUE.name())));
        return drawn.put(Shape.STEPS, Hash.brief(behaviour(stage)));
    }

    private static ObjectNode source(Spec spec, JsonNode written) {
        ObjectNode settings = settings(spec, written);
        boolean replayable = spec.replayable()
                && spec.replayableWith()
                        .map(field -> settings.has(field.name()))
                        .orElse(true);
        ObjectNode drawn = object().put(Shape.IS, spec.name());
        return drawn.set(replayable ? Shape.KEPT : Shape.FREE, hashes(settings));
    }

    private Optional<ObjectNode> sink(JsonNode stage) {
        JsonNode written = stage.path(Language.SINK.name());
        boolean printsByDefault = stage == flow && written.isMissingNode() && !stage.has(Language.TO.name());
        JsonNode sink = printsByDefault ? JsonNodeFactory.instance.textNode(DEFAULT_SINK) : written;
        return find(Spec.Kind.SINK, sink).map(spec -> sink(spec, sink));
    }

    private static ObjectNode sink(Spec spec, JsonNode written) {
        List<String> target = spec.target().stream().map(Field::name).toList();
        ObjectNode settings = hashes(settings(spec, written));
        ObjectNode drawn = object().put(Shape.IS, spec.name());
        drawn.set(Shape.KEPT, settings.deepCopy().retain(target));
        drawn.set(Shape.FREE, settings.deepCopy().remove(target));
        return drawn;
    }

    /** The settings of a component, however short they are written. */
    private static ObjectNode settings(Spec spec, JsonNode written) {
        JsonNode given = written.isObject() ? written.path(spec.name()) : object();
        if (given.isObject() && !spec.whole()) {
            return (ObjectNode) given;
        }
        ObjectNode settings = object();
        spec.main().ifPresent(main -> settings.set(main.name(), given));
        return settings;
    }

    private Optional<Spec> find(Spec.Kind kind, JsonNode written) {
        String name = written.isTextual()
                ? written.textValue()
                : written.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(key -> !key.equals(ComponentType.AS))
                        .findFirst()
                        .orElse("");
        Optional<? extends Component> found =
                kind == Spec.Kind.SOURCE ? components.source(name) : components.sink(name);
        return found.map(Component::spec);
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
