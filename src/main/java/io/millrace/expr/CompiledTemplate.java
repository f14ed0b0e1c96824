package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Jq;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A template that is ready for use. An expression without output leaves out its field of an object or its element of an array; a
 * template that is nothing but that expression is BAD_DATA.
 */
final class CompiledTemplate implements Template {
    private final JsonNode source;
    private final TemplatePart root;
    private final Set<String> variables;
    private final boolean readsInput;

    CompiledTemplate(JsonNode source, TemplatePart root) {
        this.source = source;
        this.root = root;
        List<Jq> filters = new ArrayList<>();
        root.eachJq(filters::add);
        Set<String> names = new LinkedHashSet<>();
        filters.forEach(jq -> names.addAll(jq.variables()));
        this.variables = Set.copyOf(names);
        this.readsInput = filters.stream().anyMatch(Jq::readsInput);
    }

    @Override
    public JsonNode source() {
        return source;
    }

    @Override
    public boolean isLiteral() {
        return root instanceof TemplatePart.Literal;
    }

    @Override
    public Set<String> variables() {
        return variables;
    }

    @Override
    public boolean readsInput() {
        return readsInput;
    }

    @Override
    public JsonNode eval(JsonNode input, Variables values) {
        JsonNode value = root.value(input, values);
        if (value == null) {
            throw Failure.badData("`" + Json.shorten(source.asText(), 120) + "` has no output");
        }
        return value;
    }
}
