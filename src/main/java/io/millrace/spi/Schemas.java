package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Shared parts of JSON Schemas. */
final class Schemas {
    private Schemas() {}

    /**
     * The schema, or a string with a template that is evaluated at start. Where it can, it says so with a second type instead of a
     * second schema: one mistake then stays one message.
     */
    static ObjectNode orTemplate(ObjectNode schema) {
        JsonNode type = schema.path("type");
        if (type.isTextual() && !type.textValue().equals("string") && !schema.has("enum")) {
            schema.putArray("type").add(type).add("string");
            return schema.put("pattern", "\\$\\{");
        }
        ObjectNode either = JsonNodeFactory.instance.objectNode();
        either.putArray("anyOf").add(schema).add(Types.schemaOf("string").put("pattern", "\\$\\{"));
        return either;
    }

    /** A reference to a shared definition of the flow's schema. */
    static ObjectNode ref(String definition) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + definition);
    }
}
