package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Caller;
import io.millrace.spi.Failure;
import io.millrace.spi.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A root that is a transaction: what its branches leave behind is held, and kept all together when the last of them has ended, or thrown away. It is
 * settled when that is kept.
 */
public sealed class DurableRoot extends Root permits ClaimedRoot {
    private static final AtomicReferenceFieldUpdater<DurableRoot, Held> TOP =
            AtomicReferenceFieldUpdater.newUpdater(DurableRoot.class, Held.class, "top");
    private static final AtomicLongFieldUpdater<DurableRoot> BYTES =
            AtomicLongFieldUpdater.newUpdater(DurableRoot.class, "bytes");
    private static final AtomicIntegerFieldUpdater<DurableRoot> PARKED =
            AtomicIntegerFieldUpdater.newUpdater(DurableRoot.class, "parked");

    /** How it stands with its record; belongs to whoever keeps the source's progress. */
    public enum State {
        PENDING,
        COMMITTING,
        COMMITTED
    }

    private final Keeper keeper;
    private final JsonNode token;
    private final @Nullable Caller caller;
    private volatile @Nullable Held top;
    private volatile long bytes;

    @SuppressWarnings("UnusedVariable") // by the updater
    private volatile int parked;

    private volatile boolean abandoned;
    private volatile boolean overflown;
    volatile @Nullable Bond bond;
    private volatile State state = State.PENDING;
    private @Nullable Item record;

    /**
     * @param number of the record, from 0; shown in ids
     * @param token names the record for good
     */
    public DurableRoot(Origin origin, long number, JsonNode token, Keeper keeper, @Nullable Caller caller) {
        super(origin, number);
        this.keeper = keeper;
        this.token = token;
        this.caller = caller;
    }

    public JsonNode token() {
        return token;
    }

    public State state() {
        return state;
    }

    public void state(State now) {
        state = now;
    }

    @Override
    public void record(Item item) {
        record = item;
    }

    /** The record as an item, before any stage; null if none was made of it. */
    public @Nullable Item record() {
        return record;
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public void hold(Held held) {
        long size = held.bytes();
        if (abandoned) {
            held.left();
            return;
        }
        if (overflown) {
            held.dropped();
            return;
        }
        if (BYTES.addAndGet(this, size) > keeper.mostOfOne()) {
            overflown = true;
        }
        keeper.held(size);
        Held before = top;
        held.onTopOf(before);
        while (!TOP.compareAndSet(this, before, held)) {
            before = top;
            held.onTopOf(before);
        }
    }

    /** What is held, in the order in which it came. */
    public List<Held> held() {
        List<Held> all = new ArrayList<>();
        for (Held each = top; each != null; each = each.below()) {
            all.add(each);
        }
        Collections.reverse(all);
        return all;
    }

    /** Bytes of memory that what is held takes. */
    public long bytes() {
        return bytes;
    }

    /** Lets go of what is held. */
    public void letGo() {
        top = null;
        keeper.held(-BYTES.getAndSet(this, 0));
    }

    @Override
    public void abandon() {
        abandoned = true;
    }

    @Override
    public boolean isAbandoned() {
        return abandoned;
    }

    /** Whether it would hold more than one root may: nothing of it can be kept. */
    public boolean isOverflown() {
        return overflown;
    }

    /** Those that are kept together with this one, itself among them. */
    public List<DurableRoot> together() {
        return bond == null ? List.of(this) : Bond.together(this);
    }

    /** What came of it is kept, or thrown away for good. */
    public void finished(Settling settling) {
        if (caller != null) {
            if (abandoned) {
                caller.failed(Failure.of(Failure.Kind.CANCELLED, "The run was stopped before this was kept."));
            }
            caller.kept();
        }
        super.settled(settling);
    }

    @Override
    public boolean reply(Reply reply) {
        return caller != null && caller.reply(reply);
    }

    @Override
    public void failed(Failure failure) {
        if (caller != null) {
            caller.failed(failure);
        }
    }

    @Override
    public JsonNode peer() {
        return caller == null ? NullNode.getInstance() : caller.peer();
    }

    @Override
    public void park() {
        super.park();
        if (PARKED.getAndIncrement(this) == 0) {
            keeper.resting(1);
        }
    }

    @Override
    public void unpark() {
        super.unpark();
        leftGroup();
    }

    private void leftGroup() {
        if (PARKED.decrementAndGet(this) == 0) {
            keeper.resting(-1);
        }
    }

    @Override
    void leaveGroup(Settling settling) {
        leftGroup();
        super.leaveGroup(settling);
    }

    @Override
    void addTo(List<DurableRoot> roots) {
        roots.add(this);
    }

    @Override
    void settled(Settling settling) {
        if (bond == null || Bond.completed(this)) {
            keeper.ready(this);
        }
    }
}
