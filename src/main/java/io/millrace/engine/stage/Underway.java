package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.ItemFrame;
import io.millrace.engine.queue.Loop;
import io.millrace.spi.Failure;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The items of one instance whose steps are not done, oldest first. There may be a million: one costs 32 bytes, and when all are
 * cancelled, some are in each turn of the loop. Confined to the loop.
 */
final class Underway {
    /** How long cancelled steps may take before they are given up. */
    private static final Duration GIVE_UP = Duration.ofSeconds(6);

    private static final int TURN_ITEMS = 256;
    private static final long TURN_NANOS = 1_000_000;

    /** Told when an item's steps are done. */
    interface Ended {
        /** @param thrown why they have failed, or null */
        void ended(ItemFrame frame, @Nullable Throwable thrown);
    }

    private final Loop loop;
    private final Ended listener;
    private final Ring running = new Ring();
    private final Ring cancelled = new Ring();
    private int turn;

    Underway(Loop loop, Ended listener) {
        this.loop = loop;
        this.listener = listener;
    }

    void add(ItemFrame frame, Future<JsonNode> result) {
        Entry entry = new Entry(frame);
        running.append(entry);
        result.onComplete(entry);
    }

    /** Cancels all; those that do not end then are given up after a while. */
    void cancel(Failure reason) {
        long until = loop.nanoTime() + TURN_NANOS;
        turn++;
        for (int i = 0; i < TURN_ITEMS && ((i & 15) != 15 || loop.nanoTime() < until); i++) {
            Entry entry = running.next();
            if (entry == null) {
                break;
            }
            cancel(entry, reason);
        }
        giveUpLater(reason);
        if (running.next() != null) {
            loop.execute(() -> cancel(reason));
        }
    }

    /** Cancels some; tells how many. */
    int cancel(Predicate<Item> which, Failure reason) {
        turn++;
        List<Entry> found = new ArrayList<>();
        for (Entry entry = running.next(); entry != null; entry = entry.next()) {
            if (which.test(entry.frame.item())) {
                found.add(entry);
            }
        }
        found.forEach(entry -> cancel(entry, reason));
        giveUpLater(reason);
        return found.size();
    }

    private void cancel(Entry entry, Failure reason) {
        if (entry.isLinked()) {
            entry.unlink();
            cancelled.append(entry);
            entry.turn = turn;
            entry.frame.scope().cancel(reason);
        }
    }

    private void giveUpLater(Failure reason) {
        if (cancelled.next() != null) {
            int upTo = turn;
            loop.after(GIVE_UP, () -> giveUp(upTo, reason));
        }
    }

    private void giveUp(int upTo, Failure reason) {
        for (Entry entry = cancelled.next(); entry != null && entry.turn <= upTo; entry = cancelled.next()) {
            entry.complete(null, reason);
        }
    }

    /** Links of a ring. */
    private static class Ring {
        private Ring before = this;
        private Ring after = this;

        void append(Entry entry) {
            Ring last = before;
            ((Ring) entry).before = last;
            ((Ring) entry).after = this;
            last.after = entry;
            before = entry;
        }

        void unlink() {
            before.after = after;
            after.before = before;
            before = this;
            after = this;
        }

        boolean isLinked() {
            return after != this;
        }

        /** The entry behind this one, or null at the end. */
        @Nullable
        Entry next() {
            return after instanceof Entry entry ? entry : null;
        }
    }

    private final class Entry extends Ring implements Completable<JsonNode> {
        private final ItemFrame frame;
        private int turn;

        Entry(ItemFrame frame) {
            this.frame = frame;
        }

        @Override
        public void complete(@Nullable JsonNode value, @Nullable Throwable thrown) {
            if (isLinked()) {
                unlink();
                listener.ended(frame, thrown);
            }
        }
    }
}
