package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Jq;
import io.millrace.spi.Variables;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node of a compiled template. What holds no expression is given out as it is. */
sealed interface TemplatePart {
    /** Its value; null when it is left out, because its expression has no output. */
    @Nullable
    JsonNode value(JsonNode input, Variables variables);

    void eachJq(Consumer<Jq> consumer);

    default boolean isSame(JsonNode written) {
        return this instanceof Literal literal && literal.node() == written;
    }

    /** A string from its parts: plain texts and expressions. */
    static TemplatePart ofText(List<Object> parts) {
        if (parts.size() == 1 && parts.get(0) instanceof Jq jq) {
            return new Single(jq);
        }
        boolean plain = parts.stream().noneMatch(part -> part instanceof Jq);
        return plain
                ? new Literal(
                        TextNode.valueOf(parts.isEmpty() ? "" : parts.get(0).toString()))
                : new Joined(List.copyOf(parts));
    }

    record Literal(JsonNode node) implements TemplatePart {
        @Override
        public JsonNode value(JsonNode input, Variables variables) {
            return node;
        }

        @Override
        public void eachJq(Consumer<Jq> consumer) {}
    }

    /** A string that is one expression: the value keeps its type. */
    record Single(Jq jq) implements TemplatePart {
        @Override
        public @Nullable JsonNode value(JsonNode input, Variables variables) {
            List<JsonNode> outputs = jq.all(input, variables);
            if (outputs.size() > 1) {
                return jq.one(input, variables);
            }
            return outputs.isEmpty() ? null : outputs.get(0);
        }

        @Override
        public void eachJq(Consumer<Jq> consumer) {
            consumer.accept(jq);
        }
    }

    /** A longer string: each expression has one output, which is not null. */
    record Joined(List<Object> parts) implements TemplatePart {
        @Override
        public JsonNode value(JsonNode input, Variables variables) {
            StringBuilder text = new StringBuilder();
            for (Object part : parts) {
                text.append(part instanceof Jq jq ? shown(jq, input, variables) : part);
            }
            return TextNode.valueOf(text.toString());
        }

        private static String shown(Jq jq, JsonNode input, Variables variables) {
            JsonNode value = jq.one(input, variables);
            if (value.isNull()) {
                throw Failure.badData("`" + Json.shorten(jq.source().strip(), 120) + "` is null");
            }
            return Json.text(value);
        }

        @Override
        public void eachJq(Consumer<Jq> consumer) {
            parts.forEach(part -> {
                if (part instanceof Jq jq) {
                    consumer.accept(jq);
                }
            });
        }
    }

    /** An object: the fields that change are put into a shallow copy. */
    record Fields(JsonNode written, Map<String, TemplatePart> changing) implements TemplatePart {
        @Override
        public JsonNode value(JsonNode input, Variables variables) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            for (var entry : written.properties()) {
                TemplatePart part = changing.get(entry.getKey());
                JsonNode value = part == null ? entry.getValue() : part.value(input, variables);
                if (value != null) {
                    result.set(entry.getKey(), value);
                }
            }
            return result;
        }

        @Override
        public void eachJq(Consumer<Jq> consumer) {
            changing.values().forEach(part -> part.eachJq(consumer));
        }
    }

    record Items(List<TemplatePart> items) implements TemplatePart {
        @Override
        public JsonNode value(JsonNode input, Variables variables) {
            ArrayNode result = JsonNodeFactory.instance.arrayNode(items.size());
            for (TemplatePart item : items) {
                JsonNode value = item.value(input, variables);
                if (value != null) {
                    result.add(value);
                }
            }
            return result;
        }

        @Override
        public void eachJq(Consumer<Jq> consumer) {
            items.forEach(item -> item.eachJq(consumer));
        }
    }
}
