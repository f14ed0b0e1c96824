package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Expressions.BadExpression;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds every <code>${ }</code> in the strings of a value and compiles it. */
final class TemplateReader {
    private final JqExpressions expressions;

    TemplateReader(JqExpressions expressions) {
        this.expressions = expressions;
    }

    Template read(JsonNode value) throws BadExpression {
        return new CompiledTemplate(value, part(value, ""));
    }

    private TemplatePart part(JsonNode value, String pointer) throws BadExpression {
        if (value.isObject()) {
            return object(value, pointer);
        }
        if (value.isArray()) {
            return array(value, pointer);
        }
        if (!value.isTextual() || value.textValue().indexOf("${") < 0) {
            return new TemplatePart.Literal(value);
        }
        try {
            return text(value.textValue());
        } catch (BadExpression e) {
            throw new BadExpression(e.what(), e.mend(), pointer);
        }
    }

    private TemplatePart object(JsonNode object, String pointer) throws BadExpression {
        Map<String, TemplatePart> changing = new LinkedHashMap<>();
        for (var entry : object.properties()) {
            String name = entry.getKey().replace("~", "~0").replace("/", "~1");
            TemplatePart part = part(entry.getValue(), pointer + "/" + name);
            if (!part.isSame(entry.getValue())) {
                changing.put(entry.getKey(), part);
            }
        }
        return changing.isEmpty()
                ? new TemplatePart.Literal(object)
                : folded(new TemplatePart.Fields(object, changing), changing.values());
    }

    private TemplatePart array(JsonNode array, String pointer) throws BadExpression {
        List<TemplatePart> items = new ArrayList<>(array.size());
        boolean same = true;
        for (int i = 0; i < array.size(); i++) {
            TemplatePart part = part(array.get(i), pointer + "/" + i);
            same &= part.isSame(array.get(i));
            items.add(part);
        }
        return same ? new TemplatePart.Literal(array) : folded(new TemplatePart.Items(List.copyOf(items)), items);
    }

    /** Evaluated now, if nothing in it is an expression: it held no more than a literal <code>${</code>. */
    private static TemplatePart folded(TemplatePart part, Collection<TemplatePart> inside) {
        JsonNode value = inside.stream().allMatch(each -> each instanceof TemplatePart.Literal)
                ? part.value(NullNode.getInstance(), Variables.NONE)
                : null;
        return value == null ? part : new TemplatePart.Literal(value);
    }

    private TemplatePart text(String text) throws BadExpression {
        List<Object> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            if (text.startsWith("$${", i)) {
                plain.append("${");
                i += 3;
            } else if (text.startsWith("${", i)) {
                int close = closing(text, i);
                flush(plain, parts);
                parts.add(expressions.jq(text.substring(i + 2, close)));
                i = close + 1;
            } else {
                plain.append(text.charAt(i++));
            }
        }
        flush(plain, parts);
        return TemplatePart.ofText(parts);
    }

    private static int closing(String text, int at) throws BadExpression {
        int close = Scanner.closing(text, at + 1, text.length());
        if (close < 0) {
            throw new BadExpression(
                    "`${` at character " + (at + 1) + " has no matching `}`", "Write `$${` for a literal `${`.");
        }
        return close;
    }

    private static void flush(StringBuilder plain, List<Object> parts) {
        if (plain.length() > 0) {
            parts.add(plain.toString());
            plain.setLength(0);
        }
    }
}
