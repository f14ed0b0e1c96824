package io.millrace.flow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** References to the shared definitions of the flow's JSON Schema: {@code steps step source sink resource}. */
final class Refs {
    private Refs() {}

    static ObjectNode to(String definition) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + definition);
    }

    static ObjectNode type(String name) {
        return JsonNodeFactory.instance.objectNode().put("type", name);
    }
}
