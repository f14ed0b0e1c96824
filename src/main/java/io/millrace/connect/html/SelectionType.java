package io.millrace.connect.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code "sel"}, {@code "sel@attr"}, {@code ["sel"]}, or {@code {"rows": "sel", "select": {…}}}, to any depth. */
final class SelectionType implements Type<Selection> {
    private static final String FORMS = "\"sel\", \"sel@attr\", [\"sel\"] or {\"rows\": \"sel\", \"select\": { … }}";
    private static final List<String> ROW_FIELDS = List.of("rows", "select");

    @Override
    public String noun() {
        return "a selection: " + FORMS;
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        var forms = schema.putArray("anyOf");
        forms.addObject().put("type", "string");
        ObjectNode list =
                forms.addObject().put("type", "array").put("minItems", 1).put("maxItems", 1);
        list.putObject("items").put("type", "string");
        ObjectNode rows = forms.addObject().put("type", "object").put("additionalProperties", false);
        rows.putObject("properties")
                .<ObjectNode>set("rows", JsonNodeFactory.instance.objectNode().put("type", "string"))
                .set("select", JsonNodeFactory.instance.objectNode().put("type", "object"));
        rows.putArray("required").add("rows").add("select");
        return schema;
    }

    @Override
    public @Nullable Selection read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isTextual()) {
            return pick(at, check).<Selection>map(Selection.First::new).orElse(null);
        }
        if (json.isArray() && json.size() == 1) {
            return pick(at.child(0), check).<Selection>map(Selection.All::new).orElse(null);
        }
        if (json.isObject() && json.has("rows") && json.has("select")) {
            return rows(at, check);
        }
        check.error(at, json + " is not a selection.", "Write " + FORMS + ".");
        return null;
    }

    private @Nullable Selection rows(Cursor at, Check check) {
        at.json().fieldNames().forEachRemaining(name -> {
            if (!ROW_FIELDS.contains(name)) {
                check.unknown(at.child(name), "field", name, ROW_FIELDS);
            }
        });
        Optional<Pick> rows = pick(at.child("rows"), check);
        Optional<Map<String, Selection>> select = Types.read(Types.map(this), at.child("select"), check);
        return rows.isPresent() && select.isPresent() ? new Selection.Rows(rows.get(), select.get()) : null;
    }

    private static Optional<Pick> pick(Cursor at, Check check) {
        return Types.read(Types.string(), at, check).flatMap(text -> compiled(text, at, check));
    }

    private static Optional<Pick> compiled(String text, Cursor at, Check check) {
        try {
            return Optional.of(Pick.parse(text));
        } catch (IllegalArgumentException | IllegalStateException wrong) {
            check.error(
                    at,
                    "\"" + text + "\" is not a CSS selector: " + wrong.getMessage() + ".",
                    "Write one such as \"h1\", \".price\" or \"a[href]@href\".");
            return Optional.empty();
        }
    }
}
