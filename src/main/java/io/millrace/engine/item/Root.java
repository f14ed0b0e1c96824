package io.millrace.engine.item;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * One source record and all that it becomes. It counts its branches: a branch is added before it is published, and given back when it
 * has ended, whatever way it ended; at zero the record is settled. Any thread.
 *
 * <p>What {@code collect} puts together has a root of its own, which stands for the branches that went into it.
 */
public final class Root {
    private static final AtomicIntegerFieldUpdater<Root> REFS =
            AtomicIntegerFieldUpdater.newUpdater(Root.class, "refs");

    private final Origin origin;
    private final long seq;
    private final List<Root> members;

    @SuppressWarnings("FieldMayBeFinal") // by the updater
    private volatile int refs = 1;

    /** A record, with its one branch. */
    public Root(Origin origin, long seq) {
        this(origin, seq, List.of());
    }

    private Root(Origin origin, long seq, List<Root> members) {
        origin.tally().begun(1);
        this.origin = origin;
        this.seq = seq;
        this.members = members;
    }

    /** One branch that stands for a branch of each member. */
    public static Root group(List<Root> members) {
        Root first = members.get(0);
        return new Root(first.origin, first.seq, List.copyOf(members));
    }

    public String id() {
        return origin.stage() + "-" + seq;
    }

    public String source() {
        return origin.stage();
    }

    public void retain(int branches) {
        if (branches > 0) {
            origin.tally().begun(branches);
            if (REFS.getAndAdd(this, branches) <= 0) {
                REFS.addAndGet(this, -branches);
                origin.tally().done(branches);
                throw new IllegalStateException("root " + id() + " is settled already: nothing more can come of it");
            }
        }
    }

    /** A branch rests in a group: it goes on counting for its root, but no longer as active. */
    public void park() {
        origin.tally().done(1);
    }

    /** A branch comes back from a group that is given up. */
    public void unpark() {
        origin.tally().begun(1);
    }

    /** A branch has ended. */
    public void release(Settling settling) {
        origin.tally().done(1);
        leave(settling);
    }

    private void leave(Settling settling) {
        int left = refs == 1 ? last() : REFS.decrementAndGet(this);
        if (left < 0) {
            throw new IllegalStateException("root " + id() + " was released more often than retained");
        }
        if (left == 0) {
            settled(settling);
        }
    }

    /** Only who holds a branch may add one: so nobody else touches the count of the last branch. */
    private int last() {
        REFS.lazySet(this, 0);
        return 0;
    }

    private void settled(Settling settling) {
        if (members.isEmpty()) {
            settling.add(origin);
        } else {
            members.forEach(member -> member.leave(settling));
        }
    }
}
