package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.queue.Loop;
import io.millrace.testkit.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimersTest {
    private final SimWorld world = new SimWorld(3);
    private final Loop below = world.loop();
    private final List<String> fired = new ArrayList<>();
    private final Timers timers = new Timers(below);

    private Loop.Timer after(long millis, Runnable task) {
        Timers.Entry timer = timers.timer(Duration.ofMillis(millis), task);
        timers.set(timer);
        return timer;
    }

    private void on(Runnable task) {
        world.on(below, task);
    }

    @Test
    void fires_at_its_time_and_not_before() {
        on(() -> after(100_000, () -> fired.add("once")));

        world.advance(Duration.ofMillis(99_999));
        assertThat(fired).isEmpty();
        world.advance(Duration.ofMillis(3));

        assertThat(fired).containsExactly("once");
        assertThat(timers.size()).isZero();
    }

    @Test
    void those_of_one_millisecond_fire_in_the_order_in_which_they_were_set_from_however_far_away() {
        on(() -> after(70_000, () -> fired.add("first")));
        world.advance(Duration.ofMillis(69_000));
        on(() -> {
            after(70_000 - nowMillis(), () -> fired.add("second"));
            after(70_000 - nowMillis(), () -> fired.add("third"));
        });

        world.run();

        assertThat(fired).containsExactly("first", "second", "third");
    }

    private long nowMillis() {
        return world.now().toMillis() + 1;
    }

    @Test
    void leaves_nothing_to_wait_for_once_all_are_taken_back() {
        on(() -> {
            Loop.Timer later = after(3_600_000, () -> fired.add("later"));
            Loop.Timer late = after(3_600_000, () -> fired.add("late"));
            later.cancel();
            later.cancel();
            late.cancel();
        });

        world.run();

        assertThat(fired).isEmpty();
        assertThat(timers.size()).isZero();
        assertThat(world.now()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void one_that_is_due_in_the_same_turn_can_still_be_taken_back() {
        on(() -> {
            Loop.Timer[] second = new Loop.Timer[1];
            after(5, () -> second[0].cancel());
            second[0] = after(5, () -> fired.add("second"));
            after(5, () -> fired.add("third"));
        });

        world.run();

        assertThat(fired).containsExactly("third");
    }

    @Test
    void fires_a_few_in_each_turn() {
        on(() -> {
            after(10, () -> below.execute(() -> fired.add("other")));
            IntStream.range(0, 1000).forEach(i -> after(10, () -> fired.add("timer")));
        });
        world.run();

        assertThat(fired).hasSize(1001);
        assertThat(fired.indexOf("other")).isBetween(1, 999);
    }

    @Test
    void a_task_that_throws_hinders_no_other() {
        on(() -> {
            after(5, () -> {
                throw new IllegalStateException("broken");
            });
            after(5, () -> fired.add("next"));
            after(9_000, () -> fired.add("later"));
        });

        for (int i = 0; i < 3; i++) {
            try {
                world.run();
            } catch (IllegalStateException broken) {
                fired.add(broken.getMessage());
            }
        }

        assertThat(fired).containsExactly("broken", "next", "later");
    }

    @Test
    void a_time_beyond_all_bounds_is_as_good_as_never() {
        on(() -> after(Long.MAX_VALUE / 2, () -> fired.add("never")).cancel());
        on(() -> after(Long.MAX_VALUE / 2, () -> fired.add("never")));

        world.advance(Duration.ofDays(365));

        assertThat(fired).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void any_timers_fire_once_in_the_order_of_their_times_unless_taken_back(long seed) {
        Random random = new Random(seed);
        List<Loop.Timer> set = new ArrayList<>();
        List<Long> due = new ArrayList<>();
        List<Integer> ran = new ArrayList<>();
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            on(() -> {
                int number = set.size();
                long wait = 1 + (long) Math.exp(random.nextDouble() * 14);
                due.add(world.now().toNanos() + wait * 1_000_000);
                set.add(after(wait, () -> {
                    assertThat(world.now().toNanos()).isGreaterThanOrEqualTo(due.get(number));
                    ran.add(number);
                }));
                int other = random.nextInt(set.size());
                if (random.nextInt(3) == 0 && !ran.contains(other) && !taken.contains(other)) {
                    set.get(other).cancel();
                    taken.add(other);
                }
            });
            world.advance(Duration.ofMillis(random.nextInt(40)));
        }

        world.run();

        assertThat(ran).doesNotContainAnyElementsOf(taken).doesNotHaveDuplicates();
        assertThat(ran.size() + taken.size()).isEqualTo(3000);
        List<Long> times =
                ran.stream().map(i -> (due.get(i) + 999_999) / 1_000_000).toList();
        assertThat(times).isSorted();
        assertThat(timers.size()).isZero();
    }
}
