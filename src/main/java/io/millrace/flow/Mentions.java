package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Jq;
import io.millrace.spi.Template;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which fields of a variable an expression names: {@code x} for {@code $params.x} and {@code $params["x"]}. */
final class Mentions {
    /** The variable is used as a whole, or by a computed name. */
    static final String ANY = "*";

    private Mentions() {}

    static Set<String> in(Jq jq, String variable) {
        Set<String> names = new LinkedHashSet<>();
        if (jq.variables().contains(variable)) {
            collect(jq.source(), variable, names);
        }
        return names;
    }

    static Set<String> in(Template template, String variable) {
        Set<String> names = new LinkedHashSet<>();
        if (template.variables().contains(variable)) {
            walk(template.source(), variable, names);
        }
        return names;
    }

    /** In the <code>${ }</code> of a string, or of the strings within. */
    static Set<String> inText(JsonNode text, String variable) {
        Set<String> names = new LinkedHashSet<>();
        walk(text, variable, names);
        return names;
    }

    private static void walk(JsonNode node, String variable, Set<String> names) {
        if (node.isTextual()) {
            expressions(node.textValue(), variable, names);
        } else {
            node.forEach(child -> walk(child, variable, names));
        }
    }

    private static void expressions(String text, String variable, Set<String> names) {
        expressions(text).forEach(jq -> collect(jq, variable, names));
    }

    /** The jq of each <code>${ }</code> in a text: outside of them a dollar sign is a dollar sign. */
    static List<String> expressions(String text) {
        List<String> found = new ArrayList<>();
        int start = text.indexOf("${");
        while (start >= 0) {
            boolean escaped = start > 0 && text.charAt(start - 1) == '$';
            int end = escaped ? start + 2 : closing(text, start + 2);
            if (!escaped) {
                found.add(text.substring(start + 2, end));
            }
            start = text.indexOf("${", end);
        }
        return found;
    }

    /** Fields of {@code $env} that have to be set: no alternative follows in the same expression. */
    static Set<String> neededEnvironment(String jq) {
        Set<String> names = new LinkedHashSet<>();
        if (!jq.contains("//") && !jq.contains("?") && !jq.contains("try")) {
            collect(jq, "env", names);
            names.remove(ANY);
        }
        return names;
    }

    private static int closing(String text, int from) {
        int depth = 1;
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        return text.length();
    }

    private static void collect(String jq, String variable, Set<String> names) {
        Matcher matcher = Pattern.compile(
                        "\\$" + variable
                                + "\\b(?:\\s*\\.\\s*([A-Za-z_]\\w*)|\\s*\\.?\\s*\\[\\s*(?:\"([^\"\\\\]*)\"|'([^'\\\\]*)')\\s*])?")
                .matcher(jq);
        while (matcher.find()) {
            String name = matcher.group(1) != null
                    ? matcher.group(1)
                    : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            names.add(name != null ? name : ANY);
        }
    }
}
