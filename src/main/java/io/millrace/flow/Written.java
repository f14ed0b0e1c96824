package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Component;
import io.millrace.spi.Components;
import io.millrace.spi.Field;
import io.millrace.spi.Spec;
import java.util.Map;
import java.util.Optional;

/**
 * A source or sink as it stands in the file, before any of its settings has a value.
 *
 * @param settings as they are written, however short
 */
record Written(Spec spec, ObjectNode settings) {
    /** The sink of a flow that is its only stage and names none. */
    static final String DEFAULT_SINK = "stdout";

    static Optional<Written> source(JsonNode stage, Components components) {
        JsonNode json = stage.path(Language.SOURCE.name());
        return components.source(name(json)).map(source -> of(source, json));
    }

    /** @param single whether the stage is the flow itself */
    static Optional<Written> sink(JsonNode stage, boolean single, Components components) {
        JsonNode json = stage.path(Language.SINK.name());
        boolean printsByDefault = single && json.isMissingNode() && !stage.has(Language.TO.name());
        JsonNode sink = printsByDefault ? JsonNodeFactory.instance.textNode(DEFAULT_SINK) : json;
        return components.sink(name(sink)).map(found -> of(found, sink));
    }

    private static Written of(Component component, JsonNode json) {
        return new Written(component.spec(), settings(component.spec(), json));
    }

    private static ObjectNode settings(Spec spec, JsonNode json) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        if (!json.isObject()) {
            return settings;
        }
        JsonNode given = json.path(spec.name());
        if (given.isObject() && !spec.whole()) {
            return (ObjectNode) given;
        }
        spec.main().ifPresent(main -> settings.set(main.name(), given));
        return settings;
    }

    private static String name(JsonNode json) {
        return json.isTextual()
                ? json.textValue()
                : json.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(key -> !key.equals(ComponentType.AS))
                        .findFirst()
                        .orElse("");
    }

    /** Whether a source with these settings can go on in another process. */
    boolean isReplayable() {
        return spec.replayable(settings);
    }

    /** The setting because of which it cannot. */
    Optional<Field<?>> hindering() {
        return spec.notReplayableFor(settings);
    }
}
