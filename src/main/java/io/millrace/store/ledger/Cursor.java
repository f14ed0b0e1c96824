package io.millrace.store.ledger;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From where a claim looks for rows of a stage.
 *
 * <p>Rows that were claimed and deleted stay in the index until no transaction can see them any more. While one is held open somewhere, each claim from
 * the bottom would walk over all that has ever been claimed: in a minute of load claims become thirty times slower. So a claim begins where the last ended. Rows that become
 * visible below that are found all the same:
 *
 * <ul>
 *   <li>those of other processes, whose ids were drawn before and committed after, by looking from where the last claim ended a second ago, some times a second;
 *   <li>the rest by looking from the bottom: when there is nothing to do and now and then. The pause after such a look is a multiple of what it took.
 * </ul>
 *
 * Rows that wait for a moment are looked for likewise, above the moments that have been looked at.
 */
final class Cursor {
    private static final long MS = 1_000_000;
    private static final long RECENT_EVERY = 250 * MS;
    private static final long LAG = 1_000 * MS;
    private static final long IDLE_EVERY = 100 * MS;
    private static final long BUSY_EVERY = 5_000 * MS;
    private static final int SHARE = 20;

    /** Longer than any transaction that gives rows back. */
    private static final long OPEN_SECONDS = 40;

    private static final OffsetDateTime EPOCH = OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private enum Kind {
        BOTTOM,
        RECENT,
        NEXT
    }

    /**
     * One look.
     *
     * @param above this id
     * @param since rows that wait for a later moment than this
     */
    record Scan(long above, OffsetDateTime since, Kind kind, long began) {}

    private record Mark(long at, long id) {}

    private final Deque<Mark> marks = new ArrayDeque<>();
    private @Nullable Set<Integer> buckets;
    private OffsetDateTime since = EPOCH;
    private long next;
    private boolean idle = true;
    private long bottomDue = Long.MIN_VALUE;
    private long bottomAllowed = Long.MIN_VALUE;
    private long recentDue = Long.MIN_VALUE;

    /** Where to look now. Other buckets than last time have rows of their own below. */
    Scan next(@Nullable Set<Integer> wanted, long now) {
        if (!Objects.equals(wanted, buckets)) {
            buckets = wanted == null ? null : Set.copyOf(wanted);
            next = 0;
            marks.clear();
            return new Scan(0, EPOCH, Kind.BOTTOM, now);
        }
        if (next == 0 || now >= bottomDue || (idle && now >= bottomAllowed)) {
            return new Scan(0, EPOCH, Kind.BOTTOM, now);
        }
        return now >= recentDue
                ? new Scan(recent(now), since, Kind.RECENT, now)
                : new Scan(next, since, Kind.NEXT, now);
    }

    private long recent(long now) {
        while (marks.size() > 1 && marks.peekFirst().at() < now - LAG) {
            marks.pollFirst();
        }
        return marks.isEmpty() ? next : marks.peekFirst().id();
    }

    /**
     * What a look has come to.
     *
     * @param highest id that was found; 0 for none
     * @param all whether no row was left
     * @param allWaiting whether none was left of those that wait
     * @param at when, by the server's clock
     */
    void found(Scan scan, long highest, boolean all, boolean allWaiting, OffsetDateTime at) {
        long now = System.nanoTime();
        long pause = SHARE * (now - scan.began());
        idle = all;
        if (allWaiting) {
            since = at.minusSeconds(OPEN_SECONDS);
        }
        switch (scan.kind()) {
            case BOTTOM -> {
                bottomDue = now + Math.max(BUSY_EVERY, pause);
                bottomAllowed = now + Math.max(IDLE_EVERY, pause);
            }
            case RECENT -> recentDue = now + Math.max(RECENT_EVERY, pause);
            case NEXT -> {}
        }
        move(highest, all, now);
    }

    /** If rows were left, then from there on, even where that is further below. */
    private void move(long highest, boolean all, long now) {
        if (highest > next || (highest > 0 && !all)) {
            if (highest < next) {
                marks.clear();
            }
            next = highest;
            marks.addLast(new Mark(now, highest));
        }
    }
}
