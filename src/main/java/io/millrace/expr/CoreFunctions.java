package io.millrace.expr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.ExactJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** Texts, numbers and sorting, so that digits are kept and errors can be read. */
final class CoreFunctions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectReader READER = ExactJson.WHOLE;

    private CoreFunctions() {}

    static void addTo(Library library) {
        library.add("tostring", 0, (in, args) -> in.isTextual() ? in : TextNode.valueOf(Json.text(in)));
        library.add("tojson", 0, (in, args) -> TextNode.valueOf(Json.compact(in)));
        library.add("@text", 0, (in, args) -> TextNode.valueOf(Json.text(in)));
        library.add("@json", 0, (in, args) -> TextNode.valueOf(Json.compact(in)));
        library.add("tonumber", 0, (in, args) -> toNumber(in));
        library.add("fromjson", 0, (in, args) -> fromJson(text("fromjson", in)));
        library.add(
                "toarray",
                0,
                (in, args) -> in.isArray() ? in : NODES.arrayNode().add(in));
        library.add("error", 0, (in, args) -> {
            throw Failing.error(in);
        });
        library.add("error", 1, (in, args) -> {
            throw Failing.error(args.get(0));
        });
        addTexts(library);
        addSorting(library);
    }

    private static void addTexts(Library library) {
        map(library, "trim", String::strip);
        library.add("explode", 0, (in, args) -> explode(text("explode", in)));
        library.add("implode", 0, (in, args) -> implode(array("implode", in)));
        map(library, "ltrim", String::stripLeading);
        map(library, "rtrim", String::stripTrailing);
        map(library, "ascii_downcase", text -> ascii(text, 'A', 'Z', 32));
        map(library, "ascii_upcase", text -> ascii(text, 'a', 'z', -32));
    }

    private static JsonNode explode(String text) {
        ArrayNode points = NODES.arrayNode();
        text.codePoints().forEach(points::add);
        return points;
    }

    private static JsonNode implode(JsonNode points) throws JsonQueryException {
        StringBuilder text = new StringBuilder();
        for (JsonNode point : points) {
            if (!point.isNumber() || !Character.isValidCodePoint(point.intValue())) {
                throw Failing.error("`implode` takes an array of code points, not one with " + Json.shown(point));
            }
            text.appendCodePoint(point.intValue());
        }
        return TextNode.valueOf(text.toString());
    }

    private static void map(Library library, String name, UnaryOperator<String> operator) {
        library.add(name, 0, (in, args) -> TextNode.valueOf(operator.apply(text(name, in))));
    }

    private static String ascii(String text, char from, char to, int shift) {
        StringBuilder result = new StringBuilder(text);
        for (int i = 0; i < result.length(); i++) {
            char c = result.charAt(i);
            if (c >= from && c <= to) {
                result.setCharAt(i, (char) (c + shift));
            }
        }
        return result.toString();
    }

    private static void addSorting(Library library) {
        library.add("sort", 0, (in, args) -> sorted(array("sort", in)));
        library.add("unique", 0, (in, args) -> distinct(sorted(array("unique", in))));
        library.add("min", 0, (in, args) -> extreme(array("min", in), -1));
        library.add("max", 0, (in, args) -> extreme(array("max", in), 1));
        library.add("sort_by", 1, keyed("sort_by", groups -> flat(groups.values())));
        library.add("group_by", 1, keyed("group_by", groups -> NODES.arrayNode().addAll(groups.values())));
        library.add("unique_by", 1, keyed("unique_by", groups -> firsts(groups.values())));
        library.add(
                "min_by",
                1,
                keyed(
                        "min_by",
                        groups -> groups.isEmpty()
                                ? NullNode.getInstance()
                                : groups.firstEntry().getValue().get(0)));
        library.add("max_by", 1, keyed("max_by", groups -> {
            ArrayNode last =
                    groups.isEmpty() ? NODES.arrayNode() : groups.lastEntry().getValue();
            return last.isEmpty() ? NullNode.getInstance() : last.get(last.size() - 1);
        }));
        library.add("bsearch", 1, (in, args) -> NODES.numberNode(search(array("bsearch", in), args.get(0))));
    }

    /** A function of an array's elements grouped by the values of an expression, in the order of those. */
    private static Function keyed(String name, Grouped result) {
        return (scope, args, in, path, output, version) -> {
            TreeMap<JsonNode, ArrayNode> groups = new TreeMap<>(Json.ORDER);
            for (JsonNode item : array(name, in)) {
                groups.computeIfAbsent(keys(scope, args.get(0), item), key -> NODES.arrayNode())
                        .add(item);
            }
            output.emit(result.of(groups), null);
        };
    }

    private static JsonNode keys(Scope scope, Expression by, JsonNode item) throws JsonQueryException {
        ArrayNode keys = NODES.arrayNode();
        by.apply(scope, item, null, (key, at) -> keys.add(key), false);
        return keys;
    }

    private static JsonNode flat(Collection<ArrayNode> groups) {
        ArrayNode result = NODES.arrayNode();
        groups.forEach(result::addAll);
        return result;
    }

    private static JsonNode firsts(Collection<ArrayNode> groups) {
        ArrayNode result = NODES.arrayNode();
        groups.forEach(group -> result.add(group.get(0)));
        return result;
    }

    private static JsonNode sorted(JsonNode array) {
        List<JsonNode> items = new ArrayList<>(array.size());
        array.forEach(items::add);
        items.sort(Json.ORDER);
        return NODES.arrayNode().addAll(items);
    }

    private static JsonNode distinct(JsonNode sorted) {
        ArrayNode result = NODES.arrayNode();
        for (JsonNode item : sorted) {
            if (result.isEmpty() || Json.compare(result.get(result.size() - 1), item) != 0) {
                result.add(item);
            }
        }
        return result;
    }

    private static JsonNode extreme(JsonNode array, int sign) {
        JsonNode best = NullNode.getInstance();
        Iterator<JsonNode> items = array.iterator();
        if (items.hasNext()) {
            best = items.next();
        }
        while (items.hasNext()) {
            JsonNode item = items.next();
            int order = Json.compare(item, best) * sign;
            best = order > 0 || (order == 0 && sign > 0) ? item : best;
        }
        return best;
    }

    private static int search(JsonNode array, JsonNode wanted) {
        int low = 0;
        int high = array.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Json.compare(array.get(middle), wanted);
            if (order == 0) {
                return middle;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -low - 1;
    }

    private static JsonNode toNumber(JsonNode in) throws JsonQueryException {
        if (in.isNumber()) {
            return in;
        }
        String text = text("tonumber", in);
        try {
            if (text.matches("-?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,6})?")) {
                return Numbers.parse(text);
            }
        } catch (NumberFormatException e) {
            // Told below, as every text that is no number.
        }
        throw Failing.error("Cannot parse " + Json.shorten(Json.compact(in), 60) + " as a number");
    }

    private static JsonNode fromJson(String text) throws JsonQueryException {
        try {
            JsonNode value = text.isBlank() ? NullNode.getInstance() : READER.readTree(text);
            return value.isMissingNode() ? NullNode.getInstance() : value;
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at character " + e.getLocation().getColumnNr();
            throw Failing.error(Json.shorten(text, 60) + " is not JSON: " + e.getOriginalMessage() + where);
        }
    }

    static ArrayNode texts(Collection<String> texts) {
        ArrayNode result = NODES.arrayNode();
        texts.forEach(result::add);
        return result;
    }

    static String text(String function, JsonNode value) throws JsonQueryException {
        if (!value.isTextual()) {
            throw Failing.error("`" + function + "` takes a string, not " + Json.shown(value));
        }
        return value.textValue();
    }

    static JsonNode array(String function, JsonNode value) throws JsonQueryException {
        if (!value.isArray()) {
            throw Failing.error("`" + function + "` takes an array, not " + Json.shown(value));
        }
        return value;
    }

    private interface Grouped {
        JsonNode of(TreeMap<JsonNode, ArrayNode> groups);
    }
}
