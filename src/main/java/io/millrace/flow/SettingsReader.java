package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Cursor;
import io.millrace.spi.Field;
import io.millrace.spi.Nearest;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Template;
import io.millrace.spi.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an object by the declaration of its fields. A null is the same as an absent field, where the field's type takes no null. */
final class SettingsReader {
    private static final Pattern VARIABLE = Pattern.compile("\\$(env|params|resources|run|meta|outer)\\b.*");

    private final FlowCheck check;
    private final Map<String, Settings> partial = new HashMap<>();

    SettingsReader(FlowCheck check) {
        this.check = check;
    }

    /** What could be read of an object of the language, in spite of errors. */
    Optional<Settings> partial(String pointer) {
        return Optional.ofNullable(partial.get(pointer));
    }

    @Nullable
    Settings read(Cursor written, Spec spec) {
        Cursor at = spec.main().isEmpty() ? evaluated(written) : written;
        if (at == null) {
            return null;
        }
        int before = check.errors();
        Map<Field<?>, Object> values = new LinkedHashMap<>();
        boolean complete = spec.whole() || (!at.json().isObject() && spec.main().isPresent())
                ? read(spec.main().orElseThrow(), at, values)
                : object(at, spec, values);
        missing(at, spec, values, complete);
        spec.uses().forEach(use -> byDefault(at, use, values));
        return finished(at, spec, values, complete, before);
    }

    private @Nullable Settings finished(
            Cursor at, Spec spec, Map<Field<?>, Object> values, boolean complete, int before) {
        Settings settings = new Settings(spec, at, values);
        if (spec.kind() == Spec.Kind.OBJECT) {
            partial.put(at.pointer(), settings);
        }
        if (complete && check.errors() == before) {
            spec.rules().forEach(rule -> rule.check(settings, check));
        }
        return check.errors() == before ? settings : null;
    }

    /** Fields of the spec within an object that holds others too, such as the modifiers beside a step's name. */
    Settings among(Cursor at, Spec spec) {
        Map<Field<?>, Object> values = new LinkedHashMap<>();
        spec.fields().stream()
                .filter(field -> at.json().has(field.name()))
                .forEach(field -> read(field, at.child(field.name()), values));
        return new Settings(spec, at, values);
    }

    private boolean object(Cursor at, Spec spec, Map<Field<?>, Object> values) {
        if (!at.json().isObject()) {
            check.error(at, Words.shown(at.json()) + " is not an object.", "Write { … }" + fieldsOf(spec) + ".");
            return false;
        }
        Map<String, Field<?>> fields = new LinkedHashMap<>();
        spec.fields().forEach(field -> fields.put(field.name(), field));
        boolean complete = true;
        List<String> names = new ArrayList<>();
        at.json().fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            Field<?> field = fields.get(name);
            if (field == null) {
                unknown(at.child(name), name, spec, fields.keySet());
            }
            complete &= field == null || read(field, at.child(name), values);
        }
        return complete;
    }

    private static String fieldsOf(Spec spec) {
        return spec.fields().isEmpty() ? "" : " with " + Words.anyOf(Language.names(spec));
    }

    private void unknown(Cursor at, String name, Spec spec, Collection<String> known) {
        String what = Words.quoted(name) + " is not a field of "
                + (spec.kind() == Spec.Kind.OBJECT
                        ? Words.a(spec.name())
                        : "the " + spec.kind().name().toLowerCase(java.util.Locale.ROOT) + " "
                                + Words.quoted(spec.name()))
                + ".";
        check.errorAtName(at, what, mend(name, spec, known));
    }

    private String mend(String name, Spec spec, Collection<String> known) {
        if (spec.kind() == Spec.Kind.STEP && Language.names(Language.MODIFIERS).contains(name)) {
            return "It is a modifier: write it beside " + Words.quoted(spec.name()) + ", not inside.";
        }
        return known.isEmpty() ? "It has none: write {}." : check.suggestion(name, known);
    }

    /** Whether the field's value is known now, be it that it is absent. */
    private <T> boolean read(Field<T> field, Cursor written, Map<Field<?>, Object> values) {
        Type<T> type = field.type();
        Cursor at = type.perItem() ? written : evaluated(written);
        if (at == null) {
            return false;
        }
        if (at.json().isNull() && !type.accepts(at.json())) {
            return true;
        }
        T value = type.read(at, check);
        if (value != null) {
            values.put(field, value);
        }
        return value != null;
    }

    /** Replaces a string with a template by its value; null if that is not known, or wrong. */
    private @Nullable Cursor evaluated(Cursor at) {
        JsonNode json = at.json();
        if (!json.isTextual() || !json.textValue().contains("${")) {
            if (json.isTextual() && VARIABLE.matcher(json.textValue()).matches()) {
                check.warnOfJq(at);
            }
            return at;
        }
        int before = check.errors();
        Template template = check.fixed(at);
        Optional<JsonNode> value = template == null ? Optional.empty() : check.evaluate(at, template);
        return check.errors() == before ? value.map(at::with).orElse(null) : null;
    }

    private void missing(Cursor at, Spec spec, Map<Field<?>, Object> values, boolean complete) {
        boolean isObject = at.json().isObject() && !spec.whole();
        for (Field<?> field : spec.fields()) {
            if (!field.isRequired() || values.containsKey(field)) {
                continue;
            }
            boolean given = isObject
                    ? at.json().has(field.name())
                    : spec.main().filter(field::equals).isPresent();
            if (!given) {
                if ((isObject || spec.main().isPresent()) && !isMisspelt(field.name(), at, spec)) {
                    check.error(
                            at,
                            Words.quoted(field.name()) + " is missing.",
                            "Add it: " + field.type().noun() + ".");
                }
            } else if (complete) {
                check.error(
                        isObject ? at.child(field.name()) : at,
                        Words.quoted(field.name()) + " is null.",
                        "Write " + field.type().noun() + ".");
            }
        }
    }

    /** Whether an unknown field beside it was taken for this one: then it is not missing too. */
    private static boolean isMisspelt(String field, Cursor at, Spec spec) {
        List<String> known = Language.names(spec);
        return at.json().properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !known.contains(name))
                .anyMatch(name -> Nearest.to(name, known).filter(field::equals).isPresent());
    }

    /** A component that names no resource works with the only one of the kind. */
    private void byDefault(Cursor at, Spec.Use use, Map<Field<?>, Object> values) {
        if (values.containsKey(use.field())) {
            return;
        }
        List<String> candidates = check.declared().resources(use.kind());
        JsonNode named = at.json().path(use.field().name());
        if (!named.isMissingNode() && !named.isNull()) {
            candidates.forEach(check.uses()::resource);
        } else if (candidates.size() > 1) {
            check.error(
                    at,
                    "This flow has several " + use.kind() + " resources, and none is named here.",
                    "Add " + Words.quoted(use.field().name()) + ": " + Words.anyOf(candidates) + ".");
        } else {
            candidates.forEach(check.uses()::resource);
            if (candidates.isEmpty()) {
                check.uses().implicit(use.kind());
            }
        }
    }
}
