package io.millrace.engine.queue;

import io.millrace.engine.queue.Messages.Chunk;
import io.millrace.engine.queue.Messages.Grant;
import io.millrace.engine.queue.Messages.Hungry;
import io.millrace.engine.queue.Messages.Return;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of all lanes of one stage instance.
 *
 * @param <T> what it receives
 */
public final class Inbox<T extends Sized> {
    /** Told of what happens at an inbox, on its loop. */
    public interface Owner {
        /** Items have arrived. */
        void arrived();

        /** Items that came without credit hold more bytes than the queue's bound. */
        void overflowed(long bytes);
    }

    private final int index;
    private final Quota quota;
    private final Wire wire;
    private final Loop loop;
    private final Owner owner;
    private final Wire.Listening listening;
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final ArrayDeque<Lane> hungry = new ArrayDeque<>();
    private final Map<Integer, Lane> lanes = new HashMap<>();
    private long free;
    private long freeBytes;
    private long held;
    private final Set<T> forced = Collections.newSetFromMap(new IdentityHashMap<>());
    private long forcedBytes;
    private boolean serving;

    /**
     * @param address where senders reach it
     * @param index its number among the instances of its stage
     */
    public Inbox(String address, int index, Quota quota, Wire wire, Loop loop, Owner owner) {
        this.index = index;
        this.quota = quota;
        this.wire = wire;
        this.loop = loop;
        this.owner = owner;
        this.free = quota.capacity();
        this.freeBytes = quota.bytes();
        this.listening = wire.listen(address, this::receive);
    }

    /** The oldest item, or null. It goes on occupying room until it is {@link #release}d. */
    public @Nullable T poll() {
        return items.poll();
    }

    /** Items that have arrived and were not polled. */
    public int size() {
        return items.size();
    }

    /** Items that occupy room. */
    public long held() {
        return held;
    }

    /** Items that could still be granted; below zero when items came without credit. */
    long free() {
        return free;
    }

    /** The same in bytes. */
    long freeBytes() {
        return freeBytes;
    }

    /** Takes room for an item that did not come by a lane, as one that waits for a retry. */
    public void hold(T item) {
        held++;
        free--;
        freeBytes -= item.bytes();
    }

    /** Gives the room of an item back. */
    public void release(T item) {
        held--;
        if (!forced.isEmpty() && forced.remove(item)) {
            forcedBytes -= item.bytes();
        }
        giveBack(1, item.bytes());
    }

    private void giveBack(int count, long bytes) {
        free += count;
        freeBytes += bytes;
        serveLater();
    }

    private void serveLater() {
        if (!serving && mayServe()) {
            serving = true;
            loop.execute(this::serve);
        }
    }

    private boolean mayServe() {
        Lane first = hungry.peek();
        return first != null && free >= quota.worth(first.wanted) && free > 0 && freeBytes > 0;
    }

    public void close() {
        listening.close();
    }

    private void receive(Object message) {
        if (message instanceof Hungry wish) {
            wishes(wish);
            serve();
        } else if (message instanceof Chunk chunk) {
            accept(chunk);
        } else if (message instanceof Return unused) {
            giveBack(unused.items(), unused.bytes());
        }
    }

    private void wishes(Hungry wish) {
        Lane lane = lanes.computeIfAbsent(wish.sender(), id -> new Lane());
        lane.replyTo = wish.replyTo();
        lane.wanted = wish.wanted();
        lane.bytesHeld = wish.bytesHeld();
        hungry.add(lane);
    }

    private void accept(Chunk chunk) {
        lanes.computeIfAbsent(chunk.sender(), id -> new Lane()).expect(chunk.seq());
        for (Object object : chunk.items()) {
            @SuppressWarnings("unchecked") // a lane carries what its outbox was made for
            T item = (T) object;
            if (chunk.forced()) {
                force(item);
            } else {
                held++;
            }
            items.add(item);
        }
        if (chunk.forced() && forcedBytes > quota.bytes()) {
            owner.overflowed(forcedBytes);
        }
        Hungry wish = chunk.wish();
        if (wish != null) {
            wishes(wish);
        }
        owner.arrived();
        if (wish != null) {
            serveLater();
        }
    }

    private void force(T item) {
        hold(item);
        forced.add(item);
        forcedBytes += item.bytes();
    }

    private void serve() {
        serving = false;
        while (mayServe()) {
            Lane lane = hungry.remove();
            int granted = (int) Math.min(Math.min(lane.wanted, quota.quantum()), free);
            long bytes = Math.max(0, Math.min(freeBytes, quota.quantumBytes() - lane.bytesHeld));
            free -= granted;
            freeBytes -= bytes;
            wire.send(lane.replyTo, new Grant(index, granted, bytes));
        }
    }

    /** What is known of one sender. */
    private static final class Lane {
        private String replyTo = "";
        private int wanted;
        private long bytesHeld;
        private long nextSeq;

        void expect(long seq) {
            if (seq != nextSeq++) {
                throw new IllegalStateException("chunk " + seq + " came where " + (nextSeq - 1) + " was due");
            }
        }
    }
}
