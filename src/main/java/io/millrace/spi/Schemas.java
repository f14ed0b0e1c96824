package io.millrace.spi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Shared parts of JSON Schemas. */
final class Schemas {
    private Schemas() {}

    /** The schema, or a string with a template that is evaluated at start. */
    static ObjectNode orTemplate(ObjectNode schema) {
        ObjectNode either = JsonNodeFactory.instance.objectNode();
        either.putArray("anyOf").add(schema).add(Types.schemaOf("string").put("pattern", "\\$\\{"));
        return either;
    }

    /** A reference to a shared definition of the flow's schema. */
    static ObjectNode ref(String definition) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + definition);
    }
}
