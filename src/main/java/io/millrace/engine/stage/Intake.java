package io.millrace.engine.stage;

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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
    private final Consumer<Item> taken;
    private final Optional<Jq> key;
    private final @Nullable Pace pace;
    private final Function<Item, Variables> variables;
    private final ArrayDeque<Item> inside = new ArrayDeque<>();
    private final ArrayDeque<Item> ready = new ArrayDeque<>();
    private final ArrayDeque<Item> keyed = new ArrayDeque<>();
    private final Set<Item> retrying = new HashSet<>();
    private final Keys keys = new Keys();

    /**
     * @param wake run when an item has become ready
     * @param taken told of each item that leaves the queue, in its order, before anything else is decided about it
     */
    Intake(
            Stage stage,
            Inbox<Item> inbox,
            Loop loop,
            @Nullable RateLimiter limiter,
            Function<Item, Variables> variables,
            Runnable wake,
            Consumer<Item> taken) {
        this.inbox = inbox;
        this.loop = loop;
        this.wake = wake;
        this.taken = taken;
        this.key = stage.queue().key();
        this.variables = variables;
        this.pace = limiter == null
                ? null
                : new Pace(limiter, stage.rate().flatMap(Stage.Limit::per), loop, variables, wake);
    }

    /**
     * The next item to start; it has given its room back. Throws {@link Rejected} if {@code key} or {@code per} fails for it.
     *
     * @param more whether another item may be taken from the queue
     */
    @Nullable
    Item next(boolean more) {
        Item item = inside.poll();
        if (item != null) {
            return item;
        }
        item = ready.poll();
        if (item == null && pace != null) {
            item = pace.next();
        }
        if (item == null) {
            item = fresh(more);
        }
        if (item != null) {
            inbox.release(item);
        }
        return item;
    }

    private @Nullable Item fresh(boolean more) {
        while (pace == null || !pace.holdsAll()) {
            Item item = keyed.poll();
            boolean hasKey = item != null;
            if (item == null) {
                item = more ? inbox.poll() : null;
            }
            if (item == null) {
                return null;
            }
            if (!hasKey) {
                taken.accept(item);
            }
            if (admit(item, hasKey)) {
                return item;
            }
        }
        return null;
    }

    private boolean admit(Item item, boolean hasKey) {
        try {
            return (hasKey || claimKey(item)) && (pace == null || pace.permits(item));
        } catch (RuntimeException wrong) {
            inbox.release(item);
            throw new Rejected(item, wrong);
        }
    }

    private boolean claimKey(Item item) {
        return key.isEmpty() || keys.claim(item, key.get().one(item.document(), variables.apply(item)));
    }

    /** An item that starts before all others and holds no room: it came from those that did. */
    void inside(Item item) {
        inside.add(item);
    }

    /** Parts of an item that go on in its place. */
    void inside(List<Item> parts, Item of) {
        if (key.isPresent()) {
            parts.forEach(part -> keys.share(part, of));
        }
        inside.addAll(parts);
    }

    /** An item that failed and is tried again after a while; until then it keeps room, but no slot. */
    void retry(Item item, Duration wait) {
        inbox.hold(item);
        retrying.add(item);
        loop.after(wait, () -> {
            if (retrying.remove(item)) {
                ready.add(item);
                wake.run();
            }
        });
    }

    /** The item has ended: the next of its key may start. */
    void ended(Item item) {
        Item following = key.isEmpty() ? null : keys.ended(item);
        if (following != null) {
            keyed.add(following);
        }
    }

    boolean isEmpty() {
        return inside.isEmpty() && inbox.held() == 0;
    }

    /** Everything that has not started; it is no longer here. */
    List<Item> abandon() {
        List<Item> items = new ArrayList<>(inside);
        inside.clear();
        List<Item> held = new ArrayList<>(ready);
        ready.clear();
        held.addAll(retrying);
        retrying.clear();
        held.addAll(keyed);
        keyed.clear();
        held.addAll(keys.abandon());
        if (pace != null) {
            held.addAll(pace.abandon());
        }
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
