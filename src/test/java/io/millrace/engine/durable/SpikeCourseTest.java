package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.item.Item;
import io.millrace.engine.stage.Brake;
import io.millrace.ledger.DeadLetter;
import io.millrace.spi.Failure;
import io.millrace.testkit.sim.SimWorld;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of a stage whose items suddenly fail, on a clock of the test's own. */
class SpikeCourseTest {
    private static final Failure DOWN = Failure.of(Failure.Kind.UNREACHABLE, "the server is down");

    private final SimWorld world = new SimWorld(1);
    private final Gate gate = new Gate(() -> {});
    private final Spikes spikes = new Spikes(new NoLetters(), gate, world.loop());

    private static final class NoLetters implements Letters {
        @Override
        public DeadLetter of(String stage, Item item, Failure failure) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void all(long count) {}

        @Override
        public void kept(List<DeadLetter> letters) {}
    }

    private static void succeed(Brake brake, int items) {
        for (int i = 0; i < items; i++) {
            brake.succeeded();
        }
    }

    private static void fail(Brake brake, int items) {
        for (int i = 0; i < items; i++) {
            brake.failed(DOWN);
        }
    }

    /** As many items as may start, of which every so many-th succeeds; tells how many. */
    private static int tryItems(Brake brake, int every) {
        int tried = 0;
        while (!brake.holds() && tried < 1000) {
            brake.started();
            tried++;
            if (every > 0 && tried % every == 0) {
                brake.succeeded();
            } else {
                brake.failed(DOWN);
            }
        }
        return tried;
    }

    private Brake paused() {
        gate.bound(4096, 1 << 30);
        Brake brake = spikes.of("s");
        succeed(brake, 300);
        fail(brake, 101);
        return brake;
    }

    @Test
    void nothing_starts_and_nothing_is_read_while_it_is_held_back() {
        Brake brake = paused();

        assertThat(brake.holds()).isTrue();
        assertThat(gate.room(10)).isZero();
        assertThat(spikes.paused()).containsExactly("s");
    }

    @Test
    void three_items_that_fail_end_a_try_and_the_next_comes_later() {
        Brake brake = paused();

        world.advance(Duration.ofSeconds(6));
        int first = tryItems(brake, 0);
        world.advance(Duration.ofSeconds(6));
        boolean early = brake.holds();
        world.advance(Duration.ofSeconds(6));
        int second = tryItems(brake, 0);

        assertThat(first).isEqualTo(3);
        assertThat(early).isTrue();
        assertThat(second).isEqualTo(3);
    }

    @Test
    void it_goes_on_when_ten_items_fare_as_before() {
        Brake brake = paused();
        AtomicInteger woken = new AtomicInteger();
        brake.whenFree(woken::incrementAndGet);

        world.advance(Duration.ofSeconds(6));
        int let = gate.room(100);
        succeed(brake, 10);

        assertThat(let).isEqualTo(10);
        assertThat(spikes.paused()).isEmpty();
        assertThat(brake.holds()).isFalse();
        assertThat(gate.room(100)).isEqualTo(100);
        assertThat(woken).hasPositiveValue();
    }

    @Test
    void it_goes_on_with_many_failures_if_some_items_succeed_again_and_again() {
        Brake brake = paused();

        int tries = 0;
        while (!spikes.paused().isEmpty() && tries < 20) {
            world.advance(Duration.ofSeconds(61));
            tries += tryItems(brake, 3) > 0 ? 1 : 0;
        }
        fail(brake, 1000);

        assertThat(tries).isEqualTo(3);
        assertThat(spikes.paused()).isEmpty();
    }

    @Test
    void it_stays_held_back_as_long_as_nothing_succeeds() {
        Brake brake = paused();

        int tried = 0;
        for (int minute = 0; minute < 60; minute++) {
            world.advance(Duration.ofSeconds(61));
            tried += tryItems(brake, 0);
        }

        assertThat(spikes.paused()).containsExactly("s");
        assertThat(tried).isBetween(100, 200);
    }

    @Test
    void nothing_begins_while_all_is_held_that_may_be_and_commits_will_make_room() {
        gate.bound(4096, 1000);
        Brake brake = spikes.of("s");
        AtomicInteger woken = new AtomicInteger();
        brake.whenFree(woken::incrementAndGet);
        spikes.waits(true);
        boolean before = brake.holds();

        gate.held(1000);
        boolean full = brake.holds();
        gate.held(-10);
        spikes.free();

        assertThat(before).isFalse();
        assertThat(full).isTrue();
        assertThat(woken).hasValue(1);
        assertThat(brake.holds()).isFalse();
    }

    @Test
    void what_is_under_way_goes_on_whatever_it_takes_when_no_commit_will_make_room() {
        gate.bound(4096, 1000);
        Brake brake = spikes.of("s");
        AtomicInteger woken = new AtomicInteger();
        brake.whenFree(woken::incrementAndGet);
        spikes.waits(true);
        gate.held(2000);
        boolean held = brake.holds();

        spikes.waits(false);

        assertThat(held).isTrue();
        assertThat(woken).hasValue(1);
        assertThat(brake.holds()).isFalse();
    }

    @Test
    void a_steady_share_of_failures_is_none_and_what_an_earlier_process_saw_counts() {
        gate.bound(4096, 1 << 30);
        Brake steady = spikes.of("steady");
        for (int i = 0; i < 2000; i++) {
            succeed(steady, 6);
            fail(steady, 4);
        }
        spikes.expect(Optional.of(0.2), 5000, 100);
        Brake resumed = spikes.of("resumed");

        fail(resumed, 100);

        assertThat(spikes.paused()).containsExactly("resumed");
    }
}
