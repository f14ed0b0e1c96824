package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Component;
import io.millrace.spi.Cursor;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One source, sink or resource: {@code {"name": {settings}}}, or its name alone. */
record ComponentType(Spec.Kind kind) implements Type<ComponentType.Found> {
    /** Beside a source's name: the field that holds a record that is no object. */
    static final String AS = "as";

    /** What was found, with its settings. */
    record Found(Component component, Settings settings, Optional<String> as) {}

    private String word() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String noun() {
        return "a " + word() + ", {\"name\": {settings}}";
    }

    @Override
    public ObjectNode schema() {
        return Refs.to(word());
    }

    @Override
    public @Nullable Found read(Cursor at, Check check) {
        if (at.json().isTextual()) {
            return found(
                    at, at.json().textValue(), at.with(JsonNodeFactory.instance.objectNode()), FlowCheck.of(check));
        }
        if (!at.json().isObject()) {
            check.error(at, Words.shown(at.json()) + " is not a " + word() + ".", "Write {\"name\": {settings}}.");
            return null;
        }
        return named(at, FlowCheck.of(check));
    }

    private @Nullable Found named(Cursor at, FlowCheck check) {
        List<String> names = new ArrayList<>();
        at.json().fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> kind == Spec.Kind.SOURCE && name.equals(AS));
        if (names.isEmpty()) {
            check.error(at, "This names no " + word() + ".", "Write one of " + Words.anyOf(check.names(kind)) + ".");
            return null;
        }
        if (names.size() > 1) {
            check.errorAtName(at.child(names.get(1)), both(names, check), "Keep one.");
            return null;
        }
        return found(at, names.get(0), at.child(names.get(0)), check);
    }

    private String both(List<String> names, FlowCheck check) {
        boolean known = names.stream().allMatch(name -> check.find(kind, name).isPresent());
        return known
                ? Words.allOf(names) + " are two " + word() + "s, where one belongs."
                : Words.allOf(names) + " stand side by side, where the name of one " + word() + " belongs.";
    }

    private @Nullable Found found(Cursor at, String name, Cursor settingsAt, FlowCheck check) {
        Optional<? extends Component> component = check.find(kind, name);
        if (component.isEmpty()) {
            check.unknownComponent(settingsAt, kind, name);
            return null;
        }
        Settings settings = check.settings(settingsAt, component.get().spec());
        Optional<String> as = as(at, check);
        return settings == null ? null : new Found(component.get(), settings, as);
    }

    private static Optional<String> as(Cursor at, FlowCheck check) {
        JsonNode as = at.json().path(AS);
        if (as.isMissingNode() || (as.isTextual() && !as.textValue().isEmpty())) {
            return Optional.ofNullable(as.textValue());
        }
        check.error(at.child(AS), Words.shown(as) + " is not the name of a field.", "Write a name in double quotes.");
        return Optional.empty();
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual() || value.isObject();
    }
}
