package io.millrace.engine.stage;

import io.millrace.engine.item.Item;
import io.millrace.engine.item.Settling;
import io.millrace.engine.queue.Outbox;
import io.millrace.flow.Queue;
import io.millrace.spi.Failure;
import io.millrace.spi.Jq;
import io.millrace.spi.Variables;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sends items from one instance, or one source, to the stages it feeds. */
public final class Router {
    /**
     * The way to one stage.
     *
     * @param outbox null where the stage's queue is a table: then items are held until their roots are complete
     * @param closesCycle whether it must never wait
     */
    public record Route(@Nullable Outbox<Item> outbox, Target target, boolean closesCycle) {}

    /**
     * What all senders to a stage share.
     *
     * @param dropped counts what {@code unique} has dropped
     */
    public record Target(Queue queue, SeenKeys seen, Runnable dropped) {
        /** The same for items of which it is known that they are not there twice. */
        public Target seenBefore() {
            Queue known = new Queue(
                    queue.capacity(), queue.bytes(), queue.durable(), Optional.empty(), Optional.empty(), queue.key());
            return new Target(known, seen, dropped);
        }
    }

    /** Keys of a queue that is a table are dealt to processes in so many buckets. */
    private static final int BUCKETS = 256;

    private final Map<String, Route> routes;
    private final Settling settling;
    private final RunControl control;

    public Router(Map<String, Route> routes, Settling settling, RunControl control) {
        this.routes = Map.copyOf(routes);
        this.settling = settling;
        this.control = control;
    }

    /**
     * Sends an item, which carries a branch of its root.
     *
     * @param placed run later if it had to wait for credit
     * @return whether it is on its way, or dropped, already
     */
    public boolean send(String stage, Item item, Variables variables, Runnable placed) {
        Route route = routes.get(stage);
        if (route == null) {
            throw new IllegalStateException("no route to stage " + stage);
        }
        Outbox<Item> outbox = route.outbox();
        if (outbox == null) {
            hold(stage, route.target(), item, variables);
            return true;
        }
        int key;
        try {
            if (isKnown(route.target(), item, variables)) {
                route.target().dropped().run();
                item.root().release(settling);
                return true;
            }
            key = key(route.target(), item, variables);
        } catch (Failure wrong) {
            control.failed();
            bury(stage, item, wrong.at(stage + "/queue"));
            return true;
        }
        if (route.closesCycle()) {
            force(stage, outbox, item, key);
            return true;
        }
        if (outbox.offer(item, key)) {
            return true;
        }
        outbox.await(item, key, placed);
        return false;
    }

    private void hold(String stage, Target target, Item item, Variables variables) {
        try {
            Queue queue = target.queue();
            UUID unique = queue.unique()
                    .map(value -> SeenKeys.hash(value.one(item.document(), variables)))
                    .orElse(null);
            int key = key(target, item, variables);
            item.root()
                    .hold(new HeldChild(
                            stage,
                            item,
                            unique,
                            queue.uniqueFor().orElse(null),
                            key == Outbox.ANY ? key : key % BUCKETS));
        } catch (Failure wrong) {
            control.failed();
            bury(stage, item, wrong.at(stage + "/queue"));
            return;
        }
        item.root().release(settling);
    }

    private void force(String stage, Outbox<Item> outbox, Item item, int key) {
        if (!control.draining()) {
            outbox.force(item, key);
            return;
        }
        if (item.root().isDurable()) {
            item.root().abandon();
            item.root().release(settling);
        } else {
            bury(
                    stage,
                    item,
                    Failure.of(Failure.Kind.CANCELLED, "The run was stopped before this item was worked on."));
        }
    }

    private void bury(String stage, Item item, Failure failure) {
        item.root().failed(failure);
        control.deadLetter(stage, item, failure).onComplete(kept -> {
            Settling here = new Settling(); // completes on whatever thread has kept it
            item.root().release(here);
            here.flush();
            control.nudge();
        });
    }

    private static boolean isKnown(Target target, Item item, Variables variables) {
        Optional<Jq> unique = target.queue().unique(); // no lambda: this is asked for every item
        return unique.isPresent() && !target.seen().first(unique.get().one(item.document(), variables));
    }

    private static int key(Target target, Item item, Variables variables) {
        Optional<Jq> key = target.queue().key();
        return key.isEmpty()
                ? Outbox.ANY
                : key.get().one(item.document(), variables).hashCode() & Integer.MAX_VALUE;
    }

    public void close() {
        routes.values().forEach(route -> {
            Outbox<Item> outbox = route.outbox();
            if (outbox != null) {
                outbox.close();
            }
        });
    }
}
