package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Template;
import io.millrace.spi.Type;
import org.jspecify.annotations.Nullable;

/** A program and its arguments, each an element of a list: never a line for a shell to take apart. */
record ArgvType() implements Type<Template> {
    @Override
    public String noun() {
        return "a list: the program, then each argument, with ${ jq } in them";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("type", "array").put("minItems", 1);
        list.putObject("items").putArray("type").add("string").add("number").add("boolean");
        ObjectNode template = JsonNodeFactory.instance.objectNode();
        template.put("type", "string").put("pattern", "^\\$\\{.*\\}$");
        ObjectNode either = JsonNodeFactory.instance.objectNode();
        either.putArray("anyOf").add(list).add(template);
        return either;
    }

    @Override
    public boolean perItem() {
        return true;
    }

    @Override
    public @Nullable Template read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isTextual() && !isWholeTemplate(json.textValue())) {
            return shellLine(at, check);
        }
        if (!json.isTextual() && !(json.isArray() && hasOnlyArguments(at, check))) {
            return json.isArray() ? null : wrong(at, check);
        }
        return check.template(at);
    }

    private static boolean isWholeTemplate(String text) {
        return text.startsWith("${") && text.endsWith("}");
    }

    private static @Nullable Template shellLine(Cursor at, Check check) {
        check.error(
                at,
                at.json() + " is a line for a shell, and no shell is run.",
                "Write a list, as [\"wc\", \"-l\", \"${.path}\"]; where a shell is wanted, [\"sh\", \"-c\", \"…\"].");
        return null;
    }

    private @Nullable Template wrong(Cursor at, Check check) {
        check.error(at, at.json() + " is not a command.", "Write " + noun() + ".");
        return null;
    }

    private static boolean hasOnlyArguments(Cursor at, Check check) {
        if (at.json().isEmpty() || at.json().path(0).asText().isEmpty()) {
            check.error(at, "The command names no program.", "Write its name as the first element.");
            return false;
        }
        boolean good = true;
        for (int i = 0; i < at.json().size(); i++) {
            JsonNode argument = at.json().get(i);
            if (argument.isContainerNode() || argument.isNull()) {
                check.error(at.child(i), argument + " is not an argument.", "Write a string.");
                good = false;
            }
        }
        return good;
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isArray() || value.isTextual();
    }
}
