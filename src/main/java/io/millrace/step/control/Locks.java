package io.millrace.step.control;

import io.millrace.spi.Scope;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The locks of a run, by name: who comes first is let in first. Used from several event loops: state under this object's lock,
 * coroutines told outside of it.
 */
final class Locks {
    static final String KEY = "locks";

    /** A lock in use. */
    private static final class Line {
        private final Deque<Entry> waiting = new ArrayDeque<>();
        private int held;
    }

    private static final class Entry {
        private final int permits;
        private @Nullable Waiter<Boolean> waiter;

        Entry(int permits) {
            this.permits = permits;
        }
    }

    private final Map<String, Line> lines = new HashMap<>();

    /**
     * Completes when the caller holds the lock; it must then {@link #release} it. At once if it is free and nobody waits.
     *
     * @param permits how many may hold it at the same time
     */
    Future<Boolean> acquire(String name, int permits, Scope scope) {
        Entry entry;
        synchronized (this) {
            Line line = lines.computeIfAbsent(name, absent -> new Line());
            if (line.waiting.isEmpty() && line.held < permits) {
                line.held++;
                return Future.succeededFuture(true);
            }
            entry = new Entry(permits);
            entry.waiter = new Waiter<>(scope, "the lock \"" + name + "\"", () -> leave(name, entry));
            line.waiting.add(entry);
            return entry.waiter.future();
        }
    }

    private void leave(String name, Entry entry) {
        synchronized (this) {
            Line line = lines.get(name);
            if (line != null) {
                line.waiting.remove(entry);
            }
        }
        admit(name);
    }

    void release(String name) {
        synchronized (this) {
            Line line = lines.get(name);
            if (line != null) {
                line.held--;
            }
        }
        admit(name);
    }

    private void admit(String name) {
        Waiter<Boolean> next = first(name);
        while (next != null) {
            next.give(true, () -> release(name));
            next = first(name);
        }
    }

    /** The first in the line, who now holds the lock; null if it has to wait, or nobody does. */
    private synchronized @Nullable Waiter<Boolean> first(String name) {
        Line line = lines.get(name);
        if (line == null) {
            return null;
        }
        Entry first = line.waiting.peekFirst();
        if (first == null && line.held == 0) {
            lines.remove(name);
        }
        if (first == null || line.held >= first.permits) {
            return null;
        }
        line.held++;
        line.waiting.removeFirst();
        return first.waiter;
    }

    /** How many names are in use. */
    synchronized int size() {
        return lines.size();
    }
}
