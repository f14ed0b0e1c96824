package io.millrace.engine.queue;

import io.millrace.testkit.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Senders and receivers of one stage in a simulated world, checked at every step. */
final class QueueWorld {
    /** An item that knows where it came from. */
    record Parcel(int sender, int number, int key, int bytes) implements Sized {}

    /**
     * What is tried.
     *
     * @param keys how many keys there are; 0: none
     */
    record Shape(int senders, int receivers, Quota quota, int largest, int keys, int each) {
        static Shape random(SplittableRandom random) {
            int senders = random.nextInt(1, 6);
            int capacity = random.nextBoolean() ? random.nextInt(1, 9) : random.nextInt(1, 1025);
            long bytes = random.nextBoolean() ? random.nextInt(1, 60) : random.nextInt(1000, 100_000);
            return new Shape(
                    senders,
                    random.nextInt(1, 6),
                    new Quota(capacity, bytes, senders),
                    random.nextBoolean() ? 20 : 3000,
                    random.nextBoolean() ? 0 : random.nextInt(1, 12),
                    random.nextInt(1, 80));
        }
    }

    final SimWorld world;
    final Shape shape;
    final List<Sender> senders = new ArrayList<>();
    final List<Receiver> receivers = new ArrayList<>();

    QueueWorld(SimWorld world, Shape shape) {
        this.world = world;
        this.shape = shape;
        for (int i = 0; i < shape.receivers(); i++) {
            receivers.add(new Receiver(i));
        }
        world.advance(Duration.ZERO);
        for (int i = 0; i < shape.senders(); i++) {
            senders.add(new Sender(i));
        }
    }

    private Parcel parcel(int sender, int number) {
        int key = shape.keys() == 0 ? Outbox.ANY : world.random().nextInt(shape.keys());
        return new Parcel(sender, number, key, 1 + world.random().nextInt(shape.largest()));
    }

    private boolean chance(int oneIn) {
        return world.random().nextInt(oneIn) == 0;
    }

    /** Sends items as far as there is credit, a few of them before it waits. */
    final class Sender {
        private final int index;
        private final Loop loop = world.loop();
        private final List<Parcel> sent = new ArrayList<>();
        private Outbox<Parcel> outbox;
        private int open;
        int placed;

        Sender(int index) {
            this.index = index;
            List<String> addresses =
                    IntStream.range(0, shape.receivers()).mapToObj(i -> "r" + i).toList();
            loop.execute(() -> {
                outbox = new Outbox<>(index, "s" + index, addresses, shape.quota(), world.wire(), loop);
                send();
            });
        }

        Outbox<Parcel> outbox() {
            return outbox;
        }

        private void send() {
            int ahead = 1 + world.random().nextInt(4);
            while (open < ahead && sent.size() < shape.each()) {
                Parcel parcel = parcel(index, sent.size());
                sent.add(parcel);
                if (outbox.offer(parcel, parcel.key())) {
                    placed++;
                } else {
                    open++;
                    outbox.await(parcel, parcel.key(), this::placed);
                }
                if (chance(10)) {
                    loop.after(Duration.ofNanos(world.random().nextInt(500_000)), this::send);
                    return;
                }
            }
        }

        private void placed() {
            open--;
            placed++;
            if (open == 0 || chance(2)) {
                send();
            }
        }
    }

    /** Takes items when it likes, and holds them for a while. */
    final class Receiver implements Inbox.Owner {
        private final Loop loop = world.loop();
        private Inbox<Parcel> inbox;
        private final Map<Integer, Integer> last = new HashMap<>();
        private long heldBytes;
        final List<Parcel> received = new ArrayList<>();
        boolean overflowed;

        Receiver(int index) {
            loop.execute(() -> inbox = new Inbox<>("r" + index, index, shape.quota(), world.wire(), loop, this));
        }

        Inbox<Parcel> inbox() {
            return inbox;
        }

        @Override
        public void arrived() {
            if (chance(3)) {
                loop.after(Duration.ofNanos(world.random().nextInt(2_000_000)), this::take);
            } else {
                take();
            }
        }

        @Override
        public void overflowed(long bytes) {
            overflowed = true;
        }

        private void take() {
            check(inbox.held() <= shape.quota().capacity(), "holds " + inbox.held());
            for (Parcel parcel = inbox.poll(); parcel != null; parcel = inbox.poll()) {
                take(parcel);
            }
        }

        private void take(Parcel parcel) {
            received.add(parcel);
            int before = last.getOrDefault(parcel.sender(), -1);
            check(parcel.number() > before, parcel + " came after " + before);
            last.put(parcel.sender(), parcel.number());
            heldBytes += parcel.bytes();
            long most = shape.quota().bytes() + (long) shape.senders() * shape.largest();
            check(heldBytes < most, "holds " + heldBytes + " bytes");
            if (chance(2)) {
                release(parcel);
            } else {
                loop.after(Duration.ofNanos(world.random().nextInt(1_000_000)), () -> release(parcel));
            }
        }

        private void release(Parcel parcel) {
            heldBytes -= parcel.bytes();
            inbox.release(parcel);
        }
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise + " in " + shape);
        }
    }
}
