package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The JSON Schema of the settings of a spec. */
public final class SpecSchema {
    private SpecSchema() {}

    /** What may stand behind the component's name: its settings object, or its short form. */
    public static ObjectNode settings(Spec spec) {
        if (spec.whole()) {
            return spec.main().orElseThrow().type().schema().put("description", spec.summary());
        }
        ObjectNode object = object(spec);
        if (spec.main().isEmpty()) {
            return spec.kind() == Spec.Kind.OBJECT ? Schemas.orTemplate(object) : object;
        }
        ObjectNode either = JsonNodeFactory.instance.objectNode().put("description", spec.summary());
        either.putArray("anyOf")
                .add(object)
                .add(spec.main().orElseThrow().type().schema());
        return either;
    }

    private static ObjectNode object(Spec spec) {
        ObjectNode schema = Types.schemaOf("object").put("description", spec.summary());
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        for (Field<?> field : spec.fields()) {
            properties.set(field.name(), property(field));
            if (field.isRequired()) {
                required.add(field.name());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema.put("additionalProperties", false);
    }

    /** The schema of one field, with what it means, its default and an example. */
    public static ObjectNode property(Field<?> field) {
        ObjectNode schema = field.type().schema().put("description", field.doc());
        JsonNode literal = field.defaultValue();
        if (literal != null) {
            schema.set("default", literal);
        }
        JsonNode example = field.exampleValue();
        if (example != null) {
            schema.putArray("examples").add(example);
        }
        return schema;
    }
}
