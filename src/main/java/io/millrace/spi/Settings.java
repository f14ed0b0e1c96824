package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values that a flow gives to the fields of a component. Immutable. */
public final class Settings {
    private final Spec spec;
    private final Cursor at;
    private final Map<Field<?>, Object> values;

    /** @param values what was read, by field; fields absent from the flow are absent here */
    public Settings(Spec spec, Cursor at, Map<Field<?>, Object> values) {
        this.spec = spec;
        this.at = at;
        this.values = Map.copyOf(values);
    }

    /** The value, or the field's default. A field with neither must be asked with {@link #find}. */
    public <T> T get(Field<T> field) {
        return find(field)
                .orElseThrow(
                        () -> new IllegalStateException(spec.name() + " has neither value nor default for " + field));
    }

    /** The value, else the default, else empty. */
    public <T> Optional<T> find(Field<T> field) {
        @SuppressWarnings("unchecked") // put there by the same field's type
        T value = (T) values.get(field);
        return value != null ? Optional.of(value) : Optional.ofNullable(ofDefault(field));
    }

    /** Whether the flow gives this field a value. */
    public boolean has(Field<?> field) {
        return values.containsKey(field);
    }

    /** Where the settings stand, for rules that report. */
    public Cursor at() {
        return at;
    }

    public Spec spec() {
        return spec;
    }

    private static <T> @Nullable T ofDefault(Field<T> field) {
        JsonNode literal = field.defaultValue();
        return literal == null ? null : field.type().read(new Cursor(literal, ""), DefaultCheck.INSTANCE);
    }
}
