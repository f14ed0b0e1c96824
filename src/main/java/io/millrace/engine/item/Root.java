package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Caller;
import io.millrace.spi.Failure;
import io.millrace.spi.Reply;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One source record and all that it becomes. It counts its branches: a branch is added before it is published, and given back when it
 * has ended, whatever way it ended; at zero the record is settled. Any thread.
 *
 * <p>What {@code collect} puts together has a root of its own, which stands for the branches that went into it.
 */
public sealed class Root permits CalledRoot, DurableRoot, GroupRoot {
    private static final AtomicIntegerFieldUpdater<Root> REFS =
            AtomicIntegerFieldUpdater.newUpdater(Root.class, "refs");

    private final Origin origin;
    private final long seq;

    @SuppressWarnings("FieldMayBeFinal") // by the updater
    private volatile int refs = 1;

    /** A record, with its one branch. */
    Root(Origin origin, long seq) {
        origin.tally().begun(1);
        this.origin = origin;
        this.seq = seq;
    }

    /** One branch, that goes by the name of another root. */
    Root(Root named) {
        this(named.origin, named.seq);
    }

    /**
     * A record, with its one branch.
     *
     * @param caller who waits for what becomes of it, if anybody does
     */
    public static Root of(Origin origin, long seq, @Nullable Caller caller) {
        return caller == null ? new Root(origin, seq) : new CalledRoot(origin, seq, caller);
    }

    /** One branch that stands for a branch of each member. */
    public static Root group(List<Root> members) {
        return new GroupRoot(members);
    }

    /** Answers whoever waits for this record, or for each of the group; whether anybody took it for the answer. */
    public boolean reply(Reply reply) {
        return false;
    }

    /** Tells whoever waits that a branch has failed for good; to be called before the branch is given back. */
    public void failed(Failure failure) {
        // nobody waits
    }

    /** Where the record came from, if it came from another side; else null. */
    public JsonNode peer() {
        return NullNode.getInstance();
    }

    /** Whether what becomes of it is held until it is complete, and then kept all together. */
    public boolean isDurable() {
        return false;
    }

    /** The item that the record is at first. */
    public void record(Item item) {
        // only needed where it may have to be kept
    }

    /** Holds something until the root is complete; only where {@link #isDurable}. */
    public void hold(Held held) {
        throw new IllegalStateException("root " + id() + " holds nothing");
    }

    /** Gives the root up: nothing of it is kept, and its record stays to be done. No effect where it is not durable. */
    public void abandon() {
        // nothing survives anyway
    }

    /** Whether it was given up: what is left of it need not be worked on. */
    public boolean isAbandoned() {
        return false;
    }

    /** The durable roots that this one is or stands for. */
    void addTo(List<DurableRoot> roots) {
        // none
    }

    public String id() {
        return origin.stage() + "-" + seq;
    }

    /** The number of the record in its source, from 0. */
    public final long seq() {
        return seq;
    }

    /** The stage whose source or queue it came from. */
    public final String stage() {
        return origin.stage();
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

    /** A branch that rested in a group ends with it. */
    void leaveGroup(Settling settling) {
        leave(settling);
    }

    final void leave(Settling settling) {
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

    /** The last branch has ended. */
    void settled(Settling settling) {
        settling.add(origin);
    }
}
