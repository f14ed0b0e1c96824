package io.millrace.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.queue.QueueWorld.Parcel;
import io.millrace.engine.queue.QueueWorld.Shape;
import io.millrace.testkit.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CreditQueueTest {
    private static final int SEEDS = 2_000;

    @Test
    void keeps_its_promises_whatever_the_room_and_the_pauses() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SimWorld world = new SimWorld(seed);
            QueueWorld queue = new QueueWorld(world, Shape.random(world.random()));
            try {
                world.run();
                everythingHasArrivedOnce(queue);
                noCreditIsLostOrMade(queue);
                itemsOfOneKeyHaveOneReceiver(queue);
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("seed " + seed + ": " + queue.shape, failed);
            }
        }
    }

    private static void everythingHasArrivedOnce(QueueWorld queue) {
        Set<Parcel> all = new HashSet<>();
        queue.receivers.forEach(receiver -> all.addAll(receiver.received));
        int arrived = queue.receivers.stream()
                .mapToInt(receiver -> receiver.received.size())
                .sum();
        int expected = queue.shape.senders() * queue.shape.each();

        assertThat(arrived).isEqualTo(expected);
        assertThat(all).hasSize(expected);
        assertThat(queue.senders).allMatch(sender -> sender.placed == queue.shape.each());
    }

    private static void noCreditIsLostOrMade(QueueWorld queue) {
        Quota quota = queue.shape.quota();
        long room = 0;
        long bytes = 0;
        for (QueueWorld.Receiver receiver : queue.receivers) {
            room += receiver.inbox().free();
            bytes += receiver.inbox().freeBytes();
            assertThat(receiver.inbox().held()).isZero();
            assertThat(receiver.overflowed).isFalse();
        }
        for (QueueWorld.Sender sender : queue.senders) {
            room += sender.outbox().credit();
            bytes += sender.outbox().byteCredit();
        }

        assertThat(room).isEqualTo((long) quota.capacity() * queue.shape.receivers());
        assertThat(bytes).isEqualTo(quota.bytes() * queue.shape.receivers());
    }

    private static void itemsOfOneKeyHaveOneReceiver(QueueWorld queue) {
        Map<Integer, QueueWorld.Receiver> homes = new HashMap<>();
        for (QueueWorld.Receiver receiver : queue.receivers) {
            for (Parcel parcel : receiver.received) {
                QueueWorld.Receiver home = homes.putIfAbsent(parcel.key(), receiver);
                assertThat(parcel.key() == Outbox.ANY || home == null || home == receiver)
                        .isTrue();
            }
        }
    }

    /** One receiver that takes nothing, and two senders: one with credit, one on an edge that closes a cycle. */
    private static final class Forced implements Inbox.Owner {
        private final SimWorld world = new SimWorld(1);
        private final Loop far = world.loop();
        private final Loop near = world.loop();
        private final Quota quota;
        private final Inbox<Parcel> inbox;
        private final Outbox<Parcel> regular;
        private final Outbox<Parcel> closing;
        private final List<Long> overflows = new ArrayList<>();

        @SuppressWarnings("unchecked")
        Forced(Quota quota) {
            this.quota = quota;
            Object[] made = new Object[3];
            world.on(near, () -> made[0] = new Inbox<Parcel>("in", 0, quota, world.wire(), near, this));
            world.on(far, () -> {
                made[1] = new Outbox<Parcel>(1, "a", List.of("in"), quota, world.wire(), far);
                made[2] = new Outbox<Parcel>(2, "b", List.of("in"), quota, world.wire(), far);
            });
            this.inbox = (Inbox<Parcel>) made[0];
            this.regular = (Outbox<Parcel>) made[1];
            this.closing = (Outbox<Parcel>) made[2];
        }

        void fill(int bytes) {
            world.on(far, () -> {
                for (int i = 0; i < quota.capacity() * 2; i++) {
                    regular.await(new Parcel(1, i, Outbox.ANY, bytes), Outbox.ANY, () -> {});
                }
            });
            world.run();
        }

        void force(int count, int bytes) {
            world.on(far, () -> {
                for (int i = 0; i < count; i++) {
                    closing.force(new Parcel(2, i, Outbox.ANY, bytes), Outbox.ANY);
                }
            });
            world.run();
        }

        void drain() {
            world.on(near, () -> {
                for (Parcel next = inbox.poll(); next != null; next = inbox.poll()) {
                    inbox.release(next);
                }
            });
            world.run();
        }

        @Override
        public void arrived() {}

        @Override
        public void overflowed(long bytes) {
            overflows.add(bytes);
        }
    }

    @Test
    void what_is_forced_arrives_although_the_queue_is_full() {
        Forced queue = new Forced(new Quota(8, 1000, 2));
        queue.fill(1);
        assertThat(queue.inbox.held()).isEqualTo(8);

        queue.force(500, 2);

        assertThat(queue.inbox.held()).isEqualTo(508);
        assertThat(queue.overflows).isEmpty();
    }

    @Test
    void what_is_forced_overflows_above_the_bytes_of_the_queue() {
        Forced queue = new Forced(new Quota(8, 1000, 2));

        queue.force(500, 2);
        assertThat(queue.overflows).isEmpty();
        queue.force(1, 2);

        assertThat(queue.overflows).containsExactly(1002L);
    }

    @Test
    void items_that_came_with_credit_do_not_make_what_is_forced_overflow() {
        Forced queue = new Forced(new Quota(8, 1000, 2));
        queue.fill(700);
        assertThat(queue.regular.waiting()).isPositive();

        queue.force(10, 100);

        assertThat(queue.overflows).isEmpty();
    }

    @Test
    void nothing_is_granted_until_what_was_forced_is_worked_off() {
        Forced queue = new Forced(new Quota(8, 1000, 2));
        queue.force(100, 2);

        queue.fill(1);
        long before = queue.inbox.held();
        for (int i = 0; i < 20; i++) {
            queue.drain();
        }

        assertThat(before).isEqualTo(100);
        assertThat(queue.regular.waiting()).isZero();
        assertThat(queue.inbox.held()).isZero();
    }

    @Test
    void an_idle_sender_starves_nobody() {
        for (long seed = 0; seed < 500; seed++) {
            SimWorld world = new SimWorld(seed);
            int capacity = seed % 3 == 0 ? 40 : 1 + world.random().nextInt(3);
            Quota quota = new Quota(capacity, 1 + world.random().nextInt(4), 5);
            Shape shape = new Shape(
                    5, 2, quota, 1, seed % 2 == 0 ? 0 : 3, 1 + world.random().nextInt(20));
            QueueWorld queue = new QueueWorld(world, shape);

            world.run();
            world.advance(Duration.ofSeconds(1));

            assertThat(queue.senders).as("seed %s", seed).allMatch(sender -> sender.placed == shape.each());
        }
    }
}
