package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The type of a field: reads a value, describes it to people and to editors.
 *
 * @param <T> what a value becomes
 */
public interface Type<T> {
    /** What to write, for errors and reference: {@code a duration such as 500ms, 5s or 2m}. */
    String noun();

    /** JSON Schema of the values as written. */
    ObjectNode schema();

    /**
     * Reads a value. Reports and returns null if it is wrong; returns null without a report where its value cannot be known
     * before the run starts.
     */
    @Nullable
    T read(Cursor at, Check check);

    /** Whether this type takes templates itself; otherwise a string with <code>${</code> is evaluated once, at start. */
    default boolean perItem() {
        return false;
    }

    /** What a value names, where it is a name of something that the flow declares. */
    default Optional<Reference.To> names() {
        return Optional.empty();
    }

    /** Whether its values are steps, or hold some. */
    default boolean holdsSteps() {
        return false;
    }

    /** Whether a value of this JSON shape could be meant as this type: how unions choose. */
    default boolean accepts(JsonNode value) {
        return true;
    }

    /** The same values, made into something else. */
    default <R> Type<R> map(Function<T, R> made) {
        Type<T> base = this;
        return new Type<>() {
            @Override
            public String noun() {
                return base.noun();
            }

            @Override
            public ObjectNode schema() {
                return base.schema();
            }

            @Override
            public @Nullable R read(Cursor at, Check check) {
                T value = base.read(at, check);
                return value == null ? null : made.apply(value);
            }

            @Override
            public boolean perItem() {
                return base.perItem();
            }

            @Override
            public boolean holdsSteps() {
                return base.holdsSteps();
            }

            @Override
            public boolean accepts(JsonNode value) {
                return base.accepts(value);
            }
        };
    }
}
