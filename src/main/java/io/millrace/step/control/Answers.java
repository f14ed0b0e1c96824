package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was found out, by key, and who is finding out what: of those that ask for the same, one does the work and the others wait for
 * it. If it fails, or is cancelled, the next of them tries. Used from several event loops: state under this object's lock, coroutines
 * told outside of it.
 */
final class Answers {
    /** What an asker is told: the answer, or, without one, that it is its turn to find out. */
    record Told(@Nullable JsonNode value) {
        static final Told FIND_OUT = new Told(null);
    }

    private record Known(JsonNode value, long until) {}

    private final LongSupplier nanoTime;
    private final long ttl;
    private final int max;
    private final Map<JsonNode, Deque<Waiter<Told>>> flights = new HashMap<>();
    private final Map<JsonNode, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JsonNode, Known> eldest) {
            return size() > max;
        }
    };

    /** @param max answers kept; past it the one that was not asked for the longest time is forgotten */
    Answers(Duration ttl, int max, LongSupplier nanoTime) {
        this.ttl = ttl.toNanos();
        this.max = max;
        this.nanoTime = nanoTime;
    }

    /** The answer; or the turn to find out, which is to be ended by {@link #found} or {@link #pass}. */
    synchronized Future<Told> ask(JsonNode key, Scope scope) {
        Known answer = known.get(key);
        if (answer != null && answer.until() - nanoTime.getAsLong() > 0) {
            return Future.succeededFuture(new Told(answer.value()));
        }
        Deque<Waiter<Told>> line = flights.get(key);
        if (line == null) {
            flights.put(key, new ArrayDeque<>());
            return Future.succeededFuture(Told.FIND_OUT);
        }
        List<Waiter<Told>> self = new ArrayList<>(1);
        Waiter<Told> waiter =
                new Waiter<>(scope, "an answer that another item is finding out", () -> leave(line, self));
        self.add(waiter);
        line.add(waiter);
        return waiter.future();
    }

    private synchronized void leave(Deque<Waiter<Told>> line, List<Waiter<Told>> who) {
        line.removeAll(who);
    }

    /** Keeps the answer, and tells it to all who wait. */
    void found(JsonNode key, JsonNode value) {
        List<Waiter<Told>> waiting;
        synchronized (this) {
            known.put(key, new Known(value, nanoTime.getAsLong() + ttl));
            waiting = List.copyOf(Objects.requireNonNull(flights.remove(key)));
        }
        Told told = new Told(value);
        waiting.forEach(waiter -> waiter.give(told, () -> {}));
    }

    /** It was not found: the next one tries. */
    void pass(JsonNode key) {
        Waiter<Told> next;
        synchronized (this) {
            next = Objects.requireNonNull(flights.get(key)).pollFirst();
            if (next == null) {
                flights.remove(key);
            }
        }
        if (next != null) {
            next.give(Told.FIND_OUT, () -> pass(key));
        }
    }

    synchronized int size() {
        return known.size();
    }
}
