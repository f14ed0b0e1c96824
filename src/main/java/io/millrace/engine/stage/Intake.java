package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.queue.Inbox;
import io.millrace.engine.queue.Loop;
import io.millrace.flow.Stage;
import io.millrace.spi.Failure;
import io.millrace.spi.Jq;
import io.millrace.spi.Variables;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says which item of an instance starts next: what came from a split or a group first, then what waited long enough (for its retry, its
 * permit or its key), then the queue. What waits keeps its room in the queue.
 */
final class Intake {
    private final Inbox<Item> inbox;
    private final Loop loop;
    private final Runnable wake;
    private final Optional<Jq> key;
    private final Optional<Jq> per;
    private final @Nullable RateLimiter limiter;
    private final Function<Item, Variables> variables;
    private final ArrayDeque<Item> inside = new ArrayDeque<>();
    private final ArrayDeque<Item> ready = new ArrayDeque<>();
    private final Set<Item> timed = new HashSet<>();
    private final Map<JsonNode, ArrayDeque<Item>> busyKeys = new HashMap<>();
    private final Map<Item, JsonNode> keys = new HashMap<>();
    private int pacing;

    /** @param wake run when an item has become ready */
    Intake(
            Stage stage,
            Inbox<Item> inbox,
            Loop loop,
            @Nullable RateLimiter limiter,
            Function<Item, Variables> variables,
            Runnable wake) {
        this.inbox = inbox;
        this.loop = loop;
        this.wake = wake;
        this.key = stage.queue().key();
        this.per = stage.rate().flatMap(Stage.Limit::per);
        this.limiter = limiter;
        this.variables = variables;
    }

    /** The next item to start; it has given its room back. Throws {@link Rejected} if {@code key} or {@code per} fails for it. */
    @Nullable
    Item next() {
        Item item = inside.poll();
        if (item != null) {
            return item;
        }
        item = ready.poll();
        while (item == null && pacing == 0) {
            Item arrived = inbox.poll();
            if (arrived == null) {
                return null;
            }
            item = admit(arrived);
        }
        if (item != null) {
            inbox.release(item);
        }
        return item;
    }

    private @Nullable Item admit(Item item) {
        try {
            return claimKey(item) && permitted(item) ? item : null;
        } catch (RuntimeException wrong) {
            inbox.release(item);
            throw new Rejected(item, wrong);
        }
    }

    private boolean claimKey(Item item) {
        if (key.isEmpty()) {
            return true;
        }
        JsonNode value = key.get().one(item.document(), variables.apply(item));
        keys.put(item, value);
        ArrayDeque<Item> behind = busyKeys.get(value);
        if (behind != null) {
            behind.add(item);
            return false;
        }
        busyKeys.put(value, new ArrayDeque<>());
        return true;
    }

    private boolean permitted(Item item) {
        if (limiter == null) {
            return true;
        }
        JsonNode apart = per.isEmpty() ? NullNode.getInstance() : per.get().one(item.document(), variables.apply(item));
        long wait = limiter.reserve(apart, loop.nanoTime());
        if (wait == 0) {
            return true;
        }
        int pace = per.isEmpty() ? 1 : 0;
        pacing += pace;
        later(item, Duration.ofNanos(wait), pace);
        return false;
    }

    private void later(Item item, Duration wait, int pace) {
        timed.add(item);
        loop.after(wait, () -> {
            if (timed.remove(item)) {
                pacing -= pace;
                ready.add(item);
                wake.run();
            }
        });
    }

    /** An item that starts before all others and holds no room: it came from one that did. */
    void inside(Item item) {
        inside.add(item);
    }

    /** An item that failed and is tried again after a while; until then it keeps room, but no slot. */
    void retry(Item item, Duration wait) {
        inbox.hold(item);
        later(item, wait, 0);
    }

    /** The item has ended: the next of its key may start. */
    void ended(Item item) {
        JsonNode value = key.isEmpty() ? null : keys.remove(item);
        if (value == null) {
            return;
        }
        ArrayDeque<Item> behind = busyKeys.get(value);
        Item following = behind == null ? null : behind.poll();
        if (following == null) {
            busyKeys.remove(value);
        } else if (permitted(following)) {
            ready.add(following);
        }
    }

    boolean isEmpty() {
        return inside.isEmpty() && ready.isEmpty() && inbox.held() == 0;
    }

    /** Everything that has not started; it is no longer here. */
    List<Item> abandon() {
        List<Item> items = new ArrayList<>(inside);
        inside.clear();
        List<Item> held = new ArrayList<>(ready);
        ready.clear();
        held.addAll(timed);
        timed.clear();
        pacing = 0;
        busyKeys.values().forEach(held::addAll);
        busyKeys.clear();
        keys.clear();
        for (Item item = inbox.poll(); item != null; item = inbox.poll()) {
            held.add(item);
        }
        held.forEach(inbox::release);
        items.addAll(held);
        return items;
    }

    /** An item whose {@code key} or {@code per} cannot be evaluated. */
    static final class Rejected extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Item item;
        private final Failure failure;

        Rejected(Item item, RuntimeException cause) {
            super(cause.getMessage(), cause, false, false);
            this.item = item;
            this.failure = Failure.from(cause);
        }

        Failure failure() {
            return failure;
        }

        Item item() {
            return item;
        }
    }
}
