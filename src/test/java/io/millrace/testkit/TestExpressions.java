package io.millrace.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Expressions;
import io.millrace.spi.Failure;
import io.millrace.spi.Jq;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths alone ({@code .a.b}, {@code $params.a}, with {@code []} at the end), for tests that need no more of jq. */
final class TestExpressions implements Expressions {
    static final Expressions INSTANCE = new TestExpressions();

    private static final Pattern EMBEDDED = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern PATH = Pattern.compile("(\\$(\\w+))?((?:\\.\\w*)*)(\\[])?");

    @Override
    public Jq jq(String text) throws BadExpression {
        Matcher wrapped = EMBEDDED.matcher(text);
        String bare = (wrapped.matches() ? wrapped.group(1) : text).trim();
        Matcher m = PATH.matcher(bare);
        if (!m.matches()) {
            throw new BadExpression(bare + " is more than a path.", "");
        }
        return new PathJq(bare, m.group(2) == null ? "" : m.group(2), m.group(3), m.group(4) != null);
    }

    @Override
    public Template template(JsonNode value) throws BadExpression {
        Set<String> names = new TreeSet<>();
        boolean[] reads = new boolean[2];
        for (Matcher m = EMBEDDED.matcher(value.toString()); m.find(); ) {
            Jq jq = jq(m.group(1));
            names.addAll(jq.variables());
            reads[0] |= jq.readsInput();
            reads[1] = true;
        }
        return new PathTemplate(value, !reads[1], names, reads[0]);
    }

    private record PathJq(String source, String variable, String path, boolean each) implements Jq {
        @Override
        public Set<String> variables() {
            return variable.isEmpty() ? Set.of() : Set.of(variable);
        }

        @Override
        public boolean readsInput() {
            return variable.isEmpty();
        }

        @Override
        public List<JsonNode> all(JsonNode input, Variables variables) {
            JsonNode value = variable.isEmpty() ? input : variables.variable(variable);
            for (String field : path.split("\\.")) {
                value = value == null || field.isEmpty() ? value : value.get(field);
            }
            JsonNode found = value == null ? NullNode.instance : value;
            return each ? List.copyOf((java.util.Collection<? extends JsonNode>) listOf(found)) : List.of(found);
        }

        private static List<JsonNode> listOf(JsonNode array) {
            List<JsonNode> list = new java.util.ArrayList<>();
            array.forEach(list::add);
            return list;
        }

        @Override
        public JsonNode one(JsonNode input, Variables variables) {
            List<JsonNode> outputs = all(input, variables);
            if (outputs.size() != 1) {
                throw Failure.badData(source + " gave " + outputs.size() + " values");
            }
            return outputs.get(0);
        }
    }

    private record PathTemplate(JsonNode source, boolean isLiteral, Set<String> variables, boolean readsInput)
            implements Template {
        @Override
        public JsonNode eval(JsonNode input, Variables values) {
            return fill(source, input, values);
        }

        private JsonNode fill(JsonNode node, JsonNode input, Variables values) {
            if (node.isObject()) {
                ObjectNode filled = JsonNodeFactory.instance.objectNode();
                node.properties().forEach(e -> filled.set(e.getKey(), fill(e.getValue(), input, values)));
                return filled;
            }
            return node.isTextual() ? text(node.textValue(), input, values) : node;
        }

        private static JsonNode text(String text, JsonNode input, Variables values) {
            Matcher m = EMBEDDED.matcher(text);
            if (m.matches()) {
                return value(m.group(1), input, values);
            }
            return TextNode.valueOf(EMBEDDED.matcher(text).replaceAll(part -> {
                JsonNode value = value(part.group(1), input, values);
                if (value.isNull()) {
                    throw Failure.badData("`" + part.group(1) + "` is null");
                }
                return Matcher.quoteReplacement(value.asText());
            }));
        }

        private static JsonNode value(String path, JsonNode input, Variables values) {
            try {
                return INSTANCE.jq(path).one(input, values);
            } catch (BadExpression e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
