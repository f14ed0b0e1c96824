package io.millrace.expr;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that a place in an expression can see: functions as {@code name/arity}, variables, labels. Immutable. */
record Names(Set<String> functions, Set<String> variables, Map<String, String> labels) {
    static final Names NONE = new Names(Set.of(), Set.of(), Map.of());

    boolean hasFunction(String key) {
        return functions.contains(key);
    }

    boolean hasVariable(String name) {
        return variables.contains(name);
    }

    @Nullable
    String label(String name) {
        return labels.get(name);
    }

    Names withFunction(String key) {
        return new Names(plus(functions, key), variables, labels);
    }

    Names withVariable(String name) {
        return new Names(functions, plus(variables, name), labels);
    }

    Names withLabel(String name, String key) {
        Map<String, String> more = new HashMap<>(labels);
        more.put(name, key);
        return new Names(functions, variables, more);
    }

    private static Set<String> plus(Set<String> set, String element) {
        Set<String> more = new HashSet<>(set);
        more.add(element);
        return more;
    }
}
