package io.millrace.flow;

import io.millrace.spi.Cursor;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import java.util.Optional;

/**
 * A stage as far as it could be read.
 *
 * @param at where it stands; the whole file for a flow that is its only stage
 */
record StageView(String name, Cursor at, Optional<Settings> settings) {
    boolean has(Field<?> field) {
        return at.json().hasNonNull(field.name());
    }

    Cursor at(Field<?> field) {
        return at.child(field.name());
    }

    <T> Optional<T> find(Field<T> field) {
        return settings.flatMap(read -> read.find(field));
    }

    /** Whether a pointer stands within this stage. */
    boolean holds(String pointer) {
        return pointer.startsWith(at.pointer() + "/");
    }
}
