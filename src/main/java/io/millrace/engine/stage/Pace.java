package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.queue.Loop;
import io.millrace.spi.Jq;
import io.millrace.spi.Variables;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds items back until the rate allows their start. A permit is taken at the start itself: taken in advance, permits would pile up
 * while all slots are busy, and their items would then start at once.
 */
final class Pace {
    private final RateLimiter limiter;
    private final Optional<Jq> per;
    private final Loop loop;
    private final Function<Item, Variables> variables;
    private final Runnable wake;
    private final Map<JsonNode, ArrayDeque<Item>> waiting = new HashMap<>();
    private final ArrayDeque<JsonNode> due = new ArrayDeque<>();

    /**
     * @param per the value by which starts are counted apart
     * @param wake run when an item may start
     */
    Pace(RateLimiter limiter, Optional<Jq> per, Loop loop, Function<Item, Variables> variables, Runnable wake) {
        this.limiter = limiter;
        this.per = per;
        this.loop = loop;
        this.variables = variables;
        this.wake = wake;
    }

    /** Whether the item may start now; else it waits here, behind those of its value. */
    boolean permits(Item item) {
        JsonNode value =
                per.map(jq -> jq.one(item.document(), variables.apply(item))).orElse(NullNode.getInstance());
        ArrayDeque<Item> before = waiting.get(value);
        if (before != null) {
            before.add(item);
            return false;
        }
        long wait = limiter.acquire(value, loop.nanoTime());
        if (wait > 0) {
            waiting.computeIfAbsent(value, first -> new ArrayDeque<>()).add(item);
            dueAfter(value, wait);
        }
        return wait == 0;
    }

    private void dueAfter(JsonNode value, long nanos) {
        loop.after(Duration.ofNanos(nanos), () -> {
            due.add(value);
            wake.run();
        });
    }

    /** An item that may start now, or null. */
    @Nullable
    Item next() {
        while (!due.isEmpty()) {
            JsonNode value = due.remove();
            ArrayDeque<Item> items = waiting.get(value);
            long wait = items == null ? 0 : limiter.acquire(value, loop.nanoTime());
            if (wait > 0) {
                dueAfter(value, wait);
            } else if (items != null) {
                return first(value, items);
            }
        }
        return null;
    }

    private Item first(JsonNode value, ArrayDeque<Item> items) {
        Item item = items.remove();
        if (items.isEmpty()) {
            waiting.remove(value);
        } else {
            due.add(value);
        }
        return item;
    }

    /** Whether whatever comes would have to wait. */
    boolean holdsAll() {
        return per.isEmpty() && !waiting.isEmpty();
    }

    /** All that wait; they are no longer here. */
    List<Item> abandon() {
        List<Item> items = new ArrayList<>();
        waiting.values().forEach(items::addAll);
        waiting.clear();
        return items;
    }
}
