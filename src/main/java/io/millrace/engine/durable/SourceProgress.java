package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.DurableRoot;
import io.millrace.engine.item.DurableRoot.State;
import io.millrace.engine.item.Keeper;
import io.millrace.engine.item.Origin;
import io.millrace.ledger.Progress;
import io.millrace.ledger.Progress.Pending;
import io.millrace.spi.Caller;
import io.millrace.spi.Records;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far one source was read, and which of its records are not done. Written on the loop of the source, read on that of the committer.
 *
 * <p>A record counts as pending from the moment it was read until the commit that holds what became of it; records of an earlier process that were not
 * read again yet stay pending as the ranges they were.
 */
final class SourceProgress {
    private final Origin origin;
    private final Keeper keeper;
    private final Gate gate;
    private final Deque<Pending> ranges;
    private final ArrayDeque<DurableRoot> live = new ArrayDeque<>();
    private final ArrayDeque<DurableRoot> unsent = new ArrayDeque<>();
    private final ArrayDeque<DurableRoot> loose = new ArrayDeque<>();
    private final Runnable whenEnded;
    private ObjectNode fingerprint;
    private long seq;
    private @Nullable JsonNode last;
    private boolean ended;
    private boolean changed = true;
    /** How many of those that were not sent were read again. */
    private int parked;

    /**
     * @param saved where an earlier process stopped, if one did
     * @param whenEnded run when there are no more records
     */
    SourceProgress(
            Origin origin,
            Keeper keeper,
            Gate gate,
            ObjectNode fingerprint,
            Optional<Progress> saved,
            Runnable whenEnded) {
        this.origin = origin;
        this.keeper = keeper;
        this.gate = gate;
        this.fingerprint = fingerprint;
        this.whenEnded = whenEnded;
        this.ranges = new ArrayDeque<>(saved.map(Progress::pending).orElse(List.of()));
        this.seq = saved.map(Progress::seq).orElse(0L);
        this.last = saved.map(Progress::last).orElse(null);
        this.ended = saved.map(Progress::ended).orElse(false);
    }

    String stage() {
        return origin.stage();
    }

    /** The next range of records to be read again, or null. */
    synchronized @Nullable Pending nextRange() {
        return ranges.peek();
    }

    /** The token behind which the source is read on; null: from its beginning. */
    synchronized @Nullable JsonNode last() {
        return last;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Records that were read for the first time. */
    synchronized void admit(Records records) {
        for (int i = 0; i < records.size(); i++) {
            admit(records, i, seq++);
        }
        if (records.size() > 0) {
            last = records.token(records.size() - 1);
        }
    }

    /** All records of the next range, read again; the range is done with. Some may have vanished, others may have come between. */
    synchronized void readAgain(Records records) {
        Pending range = ranges.remove();
        for (int i = 0; i < records.size(); i++) {
            admit(records, i, i < range.count() ? range.seq() + i : seq++);
        }
        rest();
        changed = true;
    }

    /** What was read and not sent rests until it is. */
    synchronized void rest() {
        int more = unsent.size() - parked;
        gate.admitted(more);
        gate.unsent(more);
        unsent.stream().skip(parked).forEach(DurableRoot::park);
        parked = unsent.size();
    }

    private void admit(Records records, int index, long number) {
        JsonNode token = Objects.requireNonNull(records.token(index), "a record without a token");
        DurableRoot root = new DurableRoot(origin, number, token, keeper, records.caller(index));
        live.add(root);
        unsent.add(root);
        changed = true;
    }

    /** A record of a source that cannot be read again: only its number is kept. */
    synchronized DurableRoot admitLoose(@Nullable Caller caller) {
        gate.admitted(1);
        changed = true;
        DurableRoot root = new DurableRoot(origin, seq++, NullNode.getInstance(), keeper, caller);
        loose.add(root);
        return root;
    }

    /**
     * The root of the next record that was not sent yet. It is live from now on: a range that is read again may be longer than the gate is wide. Until then
     * its records rest, like those in groups, which may have to leave to make room for them.
     */
    synchronized DurableRoot next() {
        DurableRoot root = unsent.remove();
        if (parked > 0) {
            parked--;
            root.unpark();
            gate.unsent(-1);
        } else {
            gate.admitted(1);
        }
        return root;
    }

    /** There are no more records. */
    void end() {
        synchronized (this) {
            ended = true;
            changed = true;
        }
        whenEnded.run();
    }

    /** Whether there is something that the last {@link #take} did not tell. */
    synchronized boolean isChanged() {
        return changed;
    }

    /** Where the source stands, as it is to be kept; those that are being committed are done. */
    synchronized Progress take() {
        changed = false;
        live.removeIf(root -> root.state() == State.COMMITTED);
        List<Pending> pending = new ArrayList<>(ranges);
        DurableRoot first = null;
        DurableRoot before = null;
        for (DurableRoot root : live) {
            boolean open = root.state() == State.PENDING;
            if (first != null && before != null && (!open || root.seq() != before.seq() + 1)) {
                pending.add(range(first, before));
                first = null;
            }
            if (open) {
                first = first == null ? root : first;
                before = root;
            }
        }
        if (first != null && before != null) {
            pending.add(range(first, before));
        }
        loose.removeIf(root -> root.state() != State.PENDING);
        pending.sort(Comparator.comparingLong(Pending::seq)); // they are read again in this order
        return new Progress(origin.stage(), "", fingerprint, seq, last, pending, ended && loose.isEmpty());
    }

    private static Pending range(DurableRoot first, DurableRoot last) {
        return new Pending(first.seq(), (int) (last.seq() - first.seq() + 1), first.token(), last.token());
    }

    /** How many records are done. */
    synchronized long done() {
        return seq - ranges.stream().mapToLong(Pending::count).sum() - live.size();
    }

    /** Whether every record that was read is done. */
    synchronized boolean isComplete() {
        live.removeIf(root -> root.state() == State.COMMITTED);
        loose.removeIf(root -> root.state() == State.COMMITTED);
        return ranges.isEmpty() && live.isEmpty() && loose.isEmpty();
    }

    /** The source reads more than when the run began. */
    synchronized void fingerprint(ObjectNode now) {
        fingerprint = now;
        changed = true;
    }
}
