package io.millrace.engine.item;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set in the order in which its elements came, kept in a field of its owner: nothing is null, one element is itself, more are a
 * {@link LinkedHashSet}. For the many that hold one at the most: a set costs 200 bytes. Elements are no sets.
 */
final class Few {
    private Few() {}

    /** What to keep once the element is added. */
    static Object with(@Nullable Object few, Object element) {
        if (few == null) {
            return element;
        }
        Set<Object> set = several(few);
        if (set == null) {
            set = new LinkedHashSet<>();
            set.add(few);
        }
        set.add(element);
        return set;
    }

    /** What to keep once the element is removed. */
    static @Nullable Object without(@Nullable Object few, Object element) {
        if (few == element) {
            return null;
        }
        Set<Object> set = several(few);
        if (set != null) {
            set.remove(element);
        }
        return few;
    }

    static boolean has(@Nullable Object few, Object element) {
        Set<Object> set = several(few);
        return set == null ? few == element : set.contains(element);
    }

    /** What is there now. */
    static List<Object> list(@Nullable Object few) {
        if (few == null) {
            return List.of();
        }
        Set<Object> set = several(few);
        return set == null ? List.of(few) : List.copyOf(set);
    }

    @SuppressWarnings("unchecked") // no element is a set
    private static @Nullable Set<Object> several(@Nullable Object few) {
        return few instanceof LinkedHashSet<?> ? (Set<Object>) few : null;
    }
}
