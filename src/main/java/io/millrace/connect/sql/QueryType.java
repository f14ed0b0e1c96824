package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Type;
import org.jspecify.annotations.Nullable;

/** One SQL statement. It never holds a template: values that became part of a statement could change what it does. */
record QueryType() implements Type<String> {
    @Override
    public String noun() {
        return "one SQL statement, with $1, $2 … for values";
    }

    @Override
    public ObjectNode schema() {
        return JsonNodeFactory.instance.objectNode().put("type", "string");
    }

    @Override
    public boolean perItem() {
        return true; // so that a ${ comes here and is refused
    }

    @Override
    public @Nullable String read(Cursor at, Check check) {
        if (!at.json().isTextual() || at.json().textValue().isBlank()) {
            check.error(at, ToSql.shown(at.json()) + " is not an SQL statement.", "Write one, as \"SELECT 1\".");
            return null;
        }
        String sql = at.json().textValue();
        if (sql.contains("${")) {
            check.error(
                    at,
                    "A query cannot hold ${…}: a value inside it could change the statement.",
                    "Write $1 in its place, and the template in \"params\": [\"${…}\"].");
            return null;
        }
        return sql;
    }
}
