package io.millrace.engine.queue;

import io.millrace.engine.queue.Messages.Chunk;
import io.millrace.engine.queue.Messages.Grant;
import io.millrace.engine.queue.Messages.Hungry;
import io.millrace.engine.queue.Messages.Return;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sending end of the lanes from one instance to all instances of a stage.
 *
 * @param <T> what it sends
 */
public final class Outbox<T extends Sized> {
    private record Waiting<T>(T item, int key, Runnable placed) {}

    /** The key of an item that may go to any instance. */
    public static final int ANY = -1;

    private final int sender;
    private final String address;
    private final Quota quota;
    private final Wire wire;
    private final Loop loop;
    private final Wire.Listening listening;
    private final List<Lane> lanes = new ArrayList<>();
    private final ArrayDeque<Waiting<T>> waiting = new ArrayDeque<>();
    private int next;
    private boolean flushing;

    /**
     * @param sender a number of its own within the run
     * @param address where grants reach it
     * @param receivers the addresses of the instances
     * @param quota how each of them shares its room
     */
    public Outbox(int sender, String address, List<String> receivers, Quota quota, Wire wire, Loop loop) {
        this.sender = sender;
        this.address = address;
        this.quota = quota;
        this.wire = wire;
        this.loop = loop;
        receivers.forEach(receiver -> lanes.add(new Lane(receiver)));
        this.listening = wire.listen(address, message -> granted((Grant) message));
    }

    /** Sends an item if there is credit and nobody waits; else false, and nothing has happened. */
    public boolean offer(T item, int key) {
        return waiting.isEmpty() && place(item, key);
    }

    /** Sends an item as soon as there is credit, in the order of the calls, and then runs the task. */
    public void await(T item, int key, Runnable placed) {
        waiting.add(new Waiting<>(item, key, placed));
        if (waiting.size() == 1 || !quota.ahead()) {
            askForFirst();
        }
    }

    /** Sends an item without credit: for an edge that closes a cycle. */
    public void force(T item, int key) {
        Lane lane = key == ANY ? lanes.get(rotate()) : keyed(key);
        lane.forced.add(item);
        added(lane, lane.forced);
    }

    /** Items that may be sent at once, over all lanes. */
    long credit() {
        return lanes.stream().mapToLong(lane -> lane.credit).sum();
    }

    /** The bytes for which there is credit, over all lanes; what lanes have overdrawn counts against it. */
    long byteCredit() {
        return lanes.stream().mapToLong(lane -> lane.byteCredit).sum();
    }

    /** Items that wait for credit. */
    public int waiting() {
        return waiting.size();
    }

    public void close() {
        listening.close();
    }

    private boolean place(T item, int key) {
        Lane lane = key == ANY ? best() : keyed(key);
        if (lane.room() <= 0) {
            ask(lane);
            return false;
        }
        lane.credit--;
        lane.byteCredit -= item.bytes();
        lane.paid.add(item);
        added(lane, lane.paid);
        if (quota.ahead() && lane.credit < quota.quantum() / 2) {
            lane.low = true;
        }
        return true;
    }

    private Lane keyed(int key) {
        return lanes.get(key % lanes.size());
    }

    /** The lane with the most credit, in turn among equals: who works faster gets more. */
    private Lane best() {
        Lane best = lanes.get(rotate());
        if (lanes.size() == 1) {
            return best;
        }
        for (Lane lane : lanes) {
            if (lane.room() > best.room()) {
                best = lane;
            }
        }
        return best;
    }

    private int rotate() {
        next = next + 1 < lanes.size() ? next + 1 : 0;
        return next;
    }

    private void askForFirst() {
        for (Lane lane : lanes) {
            if (servesFirst(lane)) {
                ask(lane);
            }
        }
    }

    /** Whether the first item that waits may go by the lane. */
    private boolean servesFirst(Lane lane) {
        Waiting<T> first = waiting.peek();
        return first != null && (first.key() == ANY || keyed(first.key()) == lane);
    }

    /** Asks for credit; together with the items at hand, if there are any. */
    private void ask(Lane lane) {
        if (!lane.paid.isEmpty()) {
            lane.low = true;
            flush(lane);
            return;
        }
        Hungry wish = wish(lane);
        if (wish != null) {
            wire.send(lane.receiver, wish);
        }
    }

    /** What the lane wants, if it wants something and has not said so yet. */
    private @Nullable Hungry wish(Lane lane) {
        int most = quota.ahead() ? quota.quantum() : Math.max(1, waiting.size());
        int wanted = most - lane.credit;
        if (lane.asked || (wanted <= 0 && lane.byteCredit > 0)) {
            return null;
        }
        lane.asked = true;
        return new Hungry(sender, address, Math.max(0, wanted), lane.byteCredit);
    }

    private void granted(Grant grant) {
        Lane lane = lanes.get(grant.receiver());
        lane.asked = false;
        lane.credit += grant.items();
        lane.byteCredit += grant.bytes();
        List<Runnable> placed = new ArrayList<>();
        while (!waiting.isEmpty()
                && place(waiting.element().item(), waiting.element().key())) {
            placed.add(waiting.remove().placed());
        }
        placed.forEach(Runnable::run);
        askForFirst();
        if (!quota.ahead() && !servesFirst(lane)) {
            giveBack(lane);
        }
    }

    /** Where there is too little room for reserves, credit without use is room that another lane may be waiting for. */
    private void giveBack(Lane lane) {
        long bytes = Math.max(0, lane.byteCredit);
        if (lane.credit > 0 || bytes > 0) {
            wire.send(lane.receiver, new Return(lane.credit, bytes));
            lane.credit = 0;
            lane.byteCredit -= bytes;
        }
    }

    private void added(Lane lane, Pack pack) {
        if (pack.isFull()) {
            flush(lane);
        } else if (!flushing) {
            flushing = true;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        flushing = false;
        lanes.forEach(this::flush);
    }

    private void flush(Lane lane) {
        send(lane, lane.paid, false);
        send(lane, lane.forced, true);
    }

    private void send(Lane lane, Pack pack, boolean forced) {
        if (pack.isEmpty()) {
            return;
        }
        Hungry wish = lane.low && !forced ? wish(lane) : null;
        lane.low &= forced;
        wire.send(lane.receiver, new Chunk(sender, lane.seq++, pack.take(), forced, wish));
    }

    /** Items of the next chunk. A full one is handed over without a copy. */
    private static final class Pack {
        private Object[] items = new Object[Quota.CHUNK];
        private int size;

        void add(Object item) {
            items[size++] = item;
        }

        boolean isFull() {
            return size == items.length;
        }

        boolean isEmpty() {
            return size == 0;
        }

        Object[] take() {
            Object[] taken = items;
            if (isFull()) {
                items = new Object[Quota.CHUNK];
            } else {
                taken = Arrays.copyOf(items, size);
                Arrays.fill(items, 0, size, null);
            }
            size = 0;
            return taken;
        }
    }

    /** One receiver, as this sender sees it. */
    private final class Lane {
        private final String receiver;
        private final Pack paid = new Pack();
        private final Pack forced = new Pack();
        private int credit;
        private long byteCredit;
        private boolean asked;
        private boolean low;
        private long seq;

        Lane(String receiver) {
            this.receiver = receiver;
        }

        int room() {
            return byteCredit > 0 ? credit : 0;
        }
    }
}
