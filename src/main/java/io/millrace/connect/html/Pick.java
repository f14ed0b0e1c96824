package io.millrace.connect.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.jsoup.select.Evaluator;
import org.jsoup.select.QueryParser;
import org.jspecify.annotations.Nullable;

/**
 * Which elements, and what of them: {@code sel} their text, {@code sel@name} an attribute. Without {@code sel} the element itself is
 * meant. Compiled once, used by several threads.
 *
 * @param which null for the element itself
 */
record Pick(@Nullable Evaluator which, Function<Element, @Nullable String> what) {
    /** What stands behind an {@code @} and is no attribute. */
    private static final Map<String, Function<Element, @Nullable String>> PSEUDO = Map.of(
            "text", Pick::text,
            "ownText", Element::ownText,
            "html", Element::html,
            "outerHtml", Element::outerHtml);

    private static final Pattern WHITE = Pattern.compile("\\s+");

    private static final Set<String> LINKS = Set.of("href", "src", "action", "data", "poster", "cite", "formaction");

    /** Throws jsoup's IllegalArgumentException for a selector that it cannot read. */
    static Pick parse(String text) {
        int at = text.lastIndexOf('@');
        String name = at < 0 ? "" : text.substring(at + 1).trim();
        if (at < 0 || !name.matches("[\\w:.-]+") || insideBrackets(text, at)) {
            return new Pick(QueryParser.parse(text), Pick::text);
        }
        String selector = text.substring(0, at).trim();
        Function<Element, @Nullable String> what = PSEUDO.getOrDefault(name, element -> attribute(element, name));
        return new Pick(selector.isEmpty() ? null : QueryParser.parse(selector), what);
    }

    /** jsoup leaves the white space of a title as it is. */
    private static String text(Element element) {
        String text = element.text();
        return element.normalName().equals("title")
                ? WHITE.matcher(text.strip()).replaceAll(" ")
                : text;
    }

    private static boolean insideBrackets(String text, int at) {
        return text.indexOf(']', at) >= 0 || text.indexOf(')', at) >= 0;
    }

    private static @Nullable String attribute(Element element, String name) {
        if (!element.hasAttr(name)) {
            return null;
        }
        String value = element.attr(name);
        if (!LINKS.contains(name) || element.baseUri().isEmpty()) {
            return value;
        }
        String absolute = element.absUrl(name);
        return absolute.isEmpty() ? value : absolute;
    }

    /** Of the first; null if there is none. */
    JsonNode first(Element in) {
        Element found = which == null ? in : in.selectFirst(which);
        String value = found == null ? null : what.apply(found);
        return value == null ? NullNode.instance : TextNode.valueOf(value);
    }

    /** The elements, in the order of the page. */
    Elements elements(Element in) {
        return which == null ? new Elements(in) : in.select(which);
    }
}
