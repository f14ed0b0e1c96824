package io.millrace.engine;

import io.millrace.engine.queue.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Any number of timers of one loop under a single alarm of the loop below: a million items may sleep at once. A timer costs 40 bytes; to set
 * one and to take it back takes constant time, and one that was taken back is gone. Confined to the loop.
 *
 * <p>A hierarchical timing wheel (Varghese, Lauck: "Hashed and Hierarchical Timing Wheels", 1987) of milliseconds, 64 slots a level. A
 * timer stands at the level of the highest digit, to the base 64, in which its time differs from now, in the slot of that digit of its
 * time. Hence, whatever the time now is: all of one level are due before all of the next; the slots of a level come in order; timers
 * that are due in the same millisecond stand in one slot, in the order in which they were set, and fire in it. When the time of a slot
 * above the lowest level has come, its timers move down.
 */
final class Timers {
    private static final int BITS = 6;
    private static final int SLOTS = 1 << BITS;
    private static final int LEVELS = 7;
    private static final long LATEST = (1L << (BITS * LEVELS)) - 1;
    private static final long NEVER = Long.MAX_VALUE;
    private static final long MILLI = 1_000_000;

    /** Tasks and time after which a turn ends, with more to run in the next. */
    private static final int TURN_TASKS = 256;

    private static final long TURN_NANOS = MILLI;

    private final Loop below;
    private final long origin;
    private final Level[] levels = new Level[LEVELS];
    private final Slot due = new Slot(null, 0);
    private long now;
    private long alarmAt = NEVER;
    private Loop.@Nullable Timer alarm;
    private boolean running;
    private long size;

    /** @param below gives the time, turns, and one timer at a time */
    Timers(Loop below) {
        this.below = below;
        this.origin = below.nanoTime();
        for (int i = 0; i < LEVELS; i++) {
            levels[i] = new Level(i * BITS);
        }
    }

    /** A timer that fires no sooner than after the time; to be {@link #set}. From any thread. */
    Entry timer(Duration time, Runnable task) {
        long wait = time.getSeconds() >= LATEST / 1000 ? LATEST * MILLI : Math.max(0, time.toNanos());
        return new Entry(Math.min(LATEST, (below.nanoTime() - origin + wait + MILLI - 1) / MILLI), task);
    }

    /** Sets a timer, once. */
    void set(Entry entry) {
        if (entry.due <= now) {
            entry.due = now + 1;
        }
        size++;
        alarm(place(entry));
    }

    /** How many are set. */
    long size() {
        return size;
    }

    /** Puts it where it belongs; says when it, or its slot, is due. */
    private long place(Entry entry) {
        int digit = (Long.SIZE - 1 - Long.numberOfLeadingZeros((entry.due ^ now) | 1)) / BITS;
        Level level = levels[digit];
        Slot slot = level.slot((int) (entry.due >>> level.shift) & (SLOTS - 1));
        slot.append(entry);
        return level.time(slot, now);
    }

    private void alarm(long at) {
        if (at >= alarmAt || running) {
            return;
        }
        disarm();
        alarmAt = at;
        long nanos = at * MILLI + origin - below.nanoTime();
        alarm = below.after(Duration.ofNanos(Math.max(1, nanos)), this::ring);
    }

    private void disarm() {
        alarmAt = NEVER;
        Loop.Timer set = alarm;
        alarm = null;
        if (set != null) {
            set.cancel();
        }
    }

    private void ring() {
        alarm = null;
        alarmAt = NEVER;
        advance((below.nanoTime() - origin) / MILLI);
        fire();
    }

    /** Moves all that is due by then into the line of what is to run. */
    private void advance(long to) {
        for (Slot next = next(); next != null; next = next()) {
            long time = next.time(now);
            if (time > to) {
                break;
            }
            now = time;
            for (Entry entry = next.poll(); entry != null; entry = next.poll()) {
                if (entry.due <= now) {
                    due.append(entry);
                } else {
                    place(entry);
                }
            }
        }
        now = Math.max(now, to);
    }

    /** The first slot with timers, or null. */
    private @Nullable Slot next() {
        for (Level level : levels) {
            if (level.occupied != 0) {
                return level.slot(Long.numberOfTrailingZeros(level.occupied));
            }
        }
        return null;
    }

    /** Runs what is due, some of it in this turn; then sets the alarm for what is next. */
    private void fire() {
        running = true;
        long until = below.nanoTime() + TURN_NANOS;
        try {
            for (int ran = 0; ran < TURN_TASKS && ((ran & 15) != 15 || below.nanoTime() < until); ran++) {
                Entry entry = due.poll();
                if (entry == null) {
                    break;
                }
                size--;
                entry.run();
            }
        } finally {
            running = false;
            more();
        }
    }

    private void more() {
        if (!due.isEmpty()) {
            running = true;
            below.execute(this::ring);
            return;
        }
        Slot next = next();
        if (next != null) {
            alarm(next.time(now));
        }
    }

    private void gone() {
        if (--size == 0) {
            disarm();
        }
    }

    /** 64 slots for one digit of the time. */
    private static final class Level {
        private final int shift;
        private @Nullable Slot @Nullable [] slots;
        private long occupied;

        Level(int shift) {
            this.shift = shift;
        }

        Slot slot(int index) {
            if (slots == null) {
                slots = new Slot[SLOTS];
            }
            Slot slot = slots[index];
            if (slot == null) {
                slot = new Slot(this, index);
                slots[index] = slot;
            }
            return slot;
        }

        long time(Slot slot, long now) {
            long higher = shift + BITS;
            return (now >>> higher << higher) | ((long) slot.index << shift);
        }
    }

    /** Links of a ring. */
    private static class Node {
        Node before = this;
        Node after = this;

        void unlink() {
            before.after = after;
            after.before = before;
            before = this;
            after = this;
        }
    }

    /** Timers in a row. */
    private static final class Slot extends Node {
        private final @Nullable Level level;
        private final int index;

        Slot(@Nullable Level level, int index) {
            this.level = level;
            this.index = index;
        }

        boolean isEmpty() {
            return after == this;
        }

        long time(long now) {
            return level == null ? now : level.time(this, now);
        }

        void append(Entry entry) {
            entry.before = before;
            entry.after = this;
            before.after = entry;
            before = entry;
            if (level != null) {
                level.occupied |= 1L << index;
            }
        }

        @Nullable
        Entry poll() {
            if (isEmpty()) {
                return null;
            }
            Entry first = (Entry) after;
            first.unlink();
            emptied();
            return first;
        }

        void emptied() {
            if (level != null && isEmpty()) {
                level.occupied &= ~(1L << index);
            }
        }
    }

    /** A timer. */
    final class Entry extends Node implements Loop.Timer {
        private long due;
        private @Nullable Runnable task;

        private Entry(long due, Runnable task) {
            this.due = due;
            this.task = task;
        }

        private void run() {
            Runnable once = task;
            task = null;
            if (once != null) {
                once.run();
            }
        }

        @Override
        public void cancel() {
            if (task == null) {
                return;
            }
            task = null;
            Node neighbour = before;
            unlink();
            if (neighbour instanceof Slot slot) {
                slot.emptied();
            }
            gone();
        }
    }
}
