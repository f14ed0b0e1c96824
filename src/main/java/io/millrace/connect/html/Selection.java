package io.millrace.connect.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jsoup.nodes.Element;

/** What a field of the result is made of. */
sealed interface Selection {
    JsonNode of(Element in);

    /** The first match, or null. */
    record First(Pick pick) implements Selection {
        @Override
        public JsonNode of(Element in) {
            return pick.first(in);
        }
    }

    /** All matches that have what is asked for. */
    record All(Pick pick) implements Selection {
        @Override
        public JsonNode of(Element in) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            for (Element element : pick.elements(in)) {
                String value = pick.what().apply(element);
                if (value != null) {
                    list.add(value);
                }
            }
            return list;
        }
    }

    /** An object for each match, its selectors looking inside of that match. */
    record Rows(Pick rows, Map<String, Selection> select) implements Selection {
        @Override
        public JsonNode of(Element in) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            rows.elements(in).forEach(row -> list.add(object(select, row)));
            return list;
        }
    }

    static ObjectNode object(Map<String, Selection> fields, Element in) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        fields.forEach((name, selection) -> json.set(name, selection.of(in)));
        return json;
    }
}
