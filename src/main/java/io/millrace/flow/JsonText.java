package io.millrace.flow;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.Positions.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads JSON with comments and trailing commas, keeps where everything stands, and every digit of every number. A text that is no
 * JSON gives one problem and no tree; keys that stand twice give a problem each.
 */
final class JsonText {
    static final int MAX_DEPTH = 200;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    /**
     * What a text holds.
     *
     * @param root missing if it is no JSON
     */
    record Parsed(JsonNode root, Positions positions, List<Mistake> mistakes) {}

    /** Something wrong with the text as such. */
    record Mistake(Place place, String pointer, String what, String mend) {}

    /** A bracket that is open. */
    record Opened(char bracket, Place place) {}

    private final String text;
    private final JsonParser parser;
    private final Positions positions = new Positions();
    private final List<Mistake> mistakes = new ArrayList<>();
    private final Deque<Opened> open = new ArrayDeque<>();

    private JsonText(String text) throws IOException {
        this.text = text;
        this.parser = FACTORY.createParser(text);
    }

    static Parsed parse(String text) {
        try {
            return new JsonText(text.startsWith("\uFEFF") ? text.substring(1) : text).document();
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
    }

    private Parsed document() throws IOException {
        try (parser) {
            return whole();
        }
    }

    private Parsed whole() throws IOException {
        try {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return nothing(new Mistake(
                        Place.START, "", "The file is empty.", "`millrace init` writes a flow to start from."));
            }
            JsonNode root = value(first, "");
            if (parser.nextToken() != null) {
                return nothing(new Mistake(
                        here(), "", "Something follows the end of the flow.", "Remove it: a file holds one flow."));
            }
            return new Parsed(root, positions, mistakes);
        } catch (JsonProcessingException bad) {
            return nothing(SyntaxWords.describe(bad, parser.currentLocation(), text, open.peek()));
        }
    }

    private Parsed nothing(Mistake mistake) {
        return new Parsed(MissingNode.getInstance(), positions, List.of(mistake));
    }

    private JsonNode value(JsonToken token, String pointer) throws IOException {
        positions.value(pointer, here());
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (token) {
            case START_OBJECT -> object(pointer);
            case START_ARRAY -> array(pointer);
            case VALUE_STRING -> nodes.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> DecimalNode.valueOf(parser.getDecimalValue());
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            default -> nodes.nullNode();
        };
    }

    private JsonNode integer() throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> JsonNodeFactory.instance.numberNode(parser.getIntValue());
            case LONG -> JsonNodeFactory.instance.numberNode(parser.getLongValue());
            default -> JsonNodeFactory.instance.numberNode(parser.getBigIntegerValue());
        };
    }

    private ObjectNode object(String pointer) throws IOException {
        open.push(new Opened('{', here()));
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            String field = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            boolean twice = object.has(name);
            if (twice) {
                twice(name, field);
            }
            positions.name(field, here());
            JsonNode value = value(parser.nextToken(), field);
            if (!twice) {
                object.set(name, value);
            }
        }
        open.pop();
        return object;
    }

    private void twice(String name, String field) {
        int first = positions.ofName(field).line();
        mistakes.add(new Mistake(
                here(),
                field,
                "\"" + name + "\" stands twice in this object, first in line " + first + ".",
                "Remove one of them."));
    }

    private ArrayNode array(String pointer) throws IOException {
        open.push(new Opened('[', here()));
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(token, pointer + "/" + array.size()));
        }
        open.pop();
        return array;
    }

    private Place here() {
        JsonLocation location = parser.currentTokenLocation();
        return new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }
}
