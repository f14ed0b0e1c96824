package io.millrace.flow;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which stage leads to which. */
final class Edges {
    private final Map<String, Set<String>> next = new LinkedHashMap<>();

    void edge(String from, String to) {
        next.computeIfAbsent(from, name -> new LinkedHashSet<>()).add(to);
    }

    Set<String> next(String from) {
        return next.getOrDefault(from, Set.of());
    }

    /** Everything that can be reached in one step or more. */
    Set<String> reachable(Collection<String> from) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> todo = new ArrayDeque<>(from);
        while (!todo.isEmpty()) {
            for (String to : next(todo.pop())) {
                if (seen.add(to)) {
                    todo.push(to);
                }
            }
        }
        return seen;
    }

    boolean inCycle(String name) {
        return reachable(Set.of(name)).contains(name);
    }

    Edges reversed() {
        Edges reversed = new Edges();
        next.forEach((from, tos) -> tos.forEach(to -> reversed.edge(to, from)));
        return reversed;
    }
}
