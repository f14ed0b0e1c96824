package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * One declared field of a component: its name, type, meaning and default. The constant that declares it is also the key by which
 * {@link Settings} give its value.
 *
 * @param <T> what its value is read as
 */
public final class Field<T> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Type<T> type;
    private final String doc;
    private final boolean required;
    private final @Nullable JsonNode byDefault;
    private final @Nullable String defaultDoc;
    private final @Nullable JsonNode example;

    private Field(
            String name,
            Type<T> type,
            String doc,
            boolean required,
            @Nullable JsonNode byDefault,
            @Nullable String defaultDoc,
            @Nullable JsonNode example) {
        this.name = name;
        this.type = type;
        this.doc = doc;
        this.required = required;
        this.byDefault = byDefault;
        this.defaultDoc = defaultDoc;
        this.example = example;
    }

    /** An optional field without default. {@code doc} is one sentence, as shown by editors and the reference. */
    public static <T> Field<T> of(String name, Type<T> type, String doc) {
        return new Field<>(name, type, doc, false, null, null, null);
    }

    public Field<T> required() {
        return new Field<>(name, type, doc, true, byDefault, defaultDoc, example);
    }

    /** The default, as it would be written in the flow: {@code "10s"}, {@code 16}, {@code List.of(0)}. */
    public Field<T> byDefault(Object literal) {
        return new Field<>(name, type, doc, required, JSON.valueToTree(literal), defaultDoc, example);
    }

    /** A default in words, where the component works it out: {@code "one per core"}. */
    public Field<T> defaultDoc(String words) {
        return new Field<>(name, type, doc, required, byDefault, words, example);
    }

    /** A value to show in the reference and to offer in editors. */
    public Field<T> example(Object literal) {
        return new Field<>(name, type, doc, required, byDefault, defaultDoc, JSON.valueToTree(literal));
    }

    public String name() {
        return name;
    }

    public Type<T> type() {
        return type;
    }

    public String doc() {
        return doc;
    }

    public boolean isRequired() {
        return required;
    }

    public @Nullable JsonNode defaultValue() {
        return byDefault;
    }

    public @Nullable String defaultInWords() {
        return defaultDoc;
    }

    public @Nullable JsonNode exampleValue() {
        return example;
    }

    @Override
    public String toString() {
        return name;
    }
}
