package io.millrace.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Component;
import io.millrace.spi.Components;
import io.millrace.spi.Field;
import io.millrace.spi.Spec;
import io.millrace.spi.SpecSchema;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes the JSON Schema (draft 2020-12) of the whole flow language. Components are {@code properties} of one object, bounded by
 * {@code maxProperties}, never {@code oneOf}: an editor then completes their names, and a mistake gives one message instead of one
 * for every component that it is not.
 */
public final class SchemaWriter {
    private final Components components;
    private final Spec flow;
    private final Spec modifiers;

    /**
     * @param flow declares the fields of a flow
     * @param modifiers declares what may stand beside the name of a step
     */
    public SchemaWriter(Components components, Spec flow, Spec modifiers) {
        this.components = components;
        this.flow = flow;
        this.modifiers = modifiers;
    }

    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema").put("title", "Millrace flow");
        schema.setAll(SpecSchema.settings(flow));
        ObjectNode definitions = schema.putObject("$defs");
        definitions.set("steps", steps());
        definitions.set("step", step());
        definitions.set("source", source());
        definitions.set("sink", one(Spec.Kind.SINK));
        definitions.set("resource", one(Spec.Kind.RESOURCE));
        return schema;
    }

    private static ObjectNode steps() {
        ObjectNode steps = type("array").put("description", "Steps, one after another.");
        steps.putObject("items").put("$ref", "#/$defs/step");
        return steps;
    }

    private ObjectNode step() {
        ObjectNode step =
                type("object").put("description", "One step: its name with its settings, and modifiers beside it.");
        ObjectNode properties = step.putObject("properties");
        each(Spec.Kind.STEP).forEach(spec -> properties.set(spec.name(), component(spec)));
        modifiers.fields().forEach(field -> properties.set(field.name(), SpecSchema.property(field)));
        return step.put("additionalProperties", false).put("minProperties", 1);
    }

    /** Beside a source's name may stand where its records go. */
    private ObjectNode source() {
        ObjectNode source = one(Spec.Kind.SOURCE);
        source.withObject("/properties")
                .putObject("as")
                .put("type", "string")
                .put("description", "The field that holds a record that is no object.")
                .put("default", "value");
        return source.put("maxProperties", 2);
    }

    /** One component of the kind: an object that names it, or its name alone if it needs no settings. */
    private ObjectNode one(Spec.Kind kind) {
        String noun = kind.name().toLowerCase(Locale.ROOT);
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        one.putArray("type").add("object").add("string");
        one.put("description", "One " + noun + ": its name with its settings.");
        ObjectNode properties = one.putObject("properties");
        each(kind).forEach(spec -> properties.set(spec.name(), component(spec)));
        one.put("additionalProperties", false).put("minProperties", 1).put("maxProperties", 1);
        List<String> alone = each(kind)
                .filter(spec -> spec.fields().stream().noneMatch(Field::isRequired))
                .map(Spec::name)
                .toList();
        alone.forEach(one.putArray("examples")::add);
        return one.put("pattern", alone.isEmpty() ? "\\$\\{" : "^(" + String.join("|", alone) + ")$|\\$\\{");
    }

    private static ObjectNode component(Spec spec) {
        ObjectNode schema = SpecSchema.settings(spec);
        return spec.returns().isEmpty()
                ? schema
                : schema.put("description", spec.summary() + " Returns " + spec.returns());
    }

    private Stream<Spec> each(Spec.Kind kind) {
        return components.names(kind).stream()
                .flatMap(name -> find(kind, name).stream())
                .map(Component::spec);
    }

    private Optional<? extends Component> find(Spec.Kind kind, String name) {
        return switch (kind) {
            case STEP -> components.step(name);
            case SOURCE -> components.source(name);
            case SINK -> components.sink(name);
            case RESOURCE -> components.resource(name);
            case OBJECT -> Optional.empty();
        };
    }

    private static ObjectNode type(String name) {
        return JsonNodeFactory.instance.objectNode().put("type", name);
    }
}
