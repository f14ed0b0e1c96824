package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A literal of a type, or a template that gives one for each item. */
record DynamicType<T>(Type<T> type) implements Type<Dynamic<T>> {
    @Override
    public String noun() {
        return type.noun();
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = type.schema();
        return schema.path("type").asText().equals("array")
                        || schema.path("type").asText().equals("object")
                ? anyOfString(schema)
                : schema;
    }

    private static ObjectNode anyOfString(ObjectNode schema) {
        ObjectNode either = JsonNodeFactory.instance.objectNode();
        either.putArray("anyOf").add(schema).add(Types.schemaOf("string"));
        return either;
    }

    @Override
    public boolean perItem() {
        return true;
    }

    @Override
    public @Nullable Dynamic<T> read(Cursor at, Check check) {
        Template template = check.template(at);
        if (template == null) {
            return null;
        }
        if (!template.isLiteral()) {
            return Dynamic.template(type, template);
        }
        JsonNode literal = template.eval(JsonNodeFactory.instance.nullNode(), Variables.NONE);
        T value = type.read(at.with(literal), check);
        return value == null ? null : Dynamic.literal(type, value, at.json());
    }

    @Override
    public boolean accepts(JsonNode value) {
        return type.accepts(value) || (value.isTextual() && value.textValue().contains("${"));
    }
}
