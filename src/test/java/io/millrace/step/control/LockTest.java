package io.millrace.step.control;

import static io.millrace.testkit.sim.SimSteps.trace;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.queue.Loop;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.testkit.sim.SimSteps;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LockTest {
    private static final String WORK = "[{lock: {name: 'x', do: [{sleep: '10ms'}, " + trace("${.n}") + "]}}]";
    private final SimSteps sim = new SimSteps();
    private final Loop loop = sim.world.loop();

    @Test
    void lets_in_one_after_another_in_the_order_of_their_coming_over_all_loops() {
        Loop other = sim.world.loop();

        for (int n = 0; n < 6; n++) {
            sim.start(n % 2 == 0 ? loop : other, "{n: " + n + "}", WORK);
        }
        sim.world.run();

        assertThat(sim.trace()).containsExactly("10 0", "20 1", "30 2", "40 3", "50 4", "60 5");
    }

    @Test
    void permits_say_how_many_are_inside_together() {
        for (int n = 0; n < 4; n++) {
            sim.start(loop, "{n: " + n + "}", WORK.replace("name: 'x'", "name: 'x', permits: 2"));
        }
        sim.world.run();

        assertThat(sim.trace()).containsExactly("10 0", "10 1", "20 2", "20 3");
    }

    @Test
    void other_names_are_other_locks() {
        sim.start(loop, "{n: 1}", WORK.replace("'x'", "'lock ${.n}'"));
        sim.start(loop, "{n: 2}", WORK.replace("'x'", "'lock ${.n}'"));
        sim.world.run();

        assertThat(sim.trace()).containsExactly("10 1", "10 2");
    }

    @Test
    void a_cancelled_waiter_leaves_the_line_and_the_next_is_let_in() {
        sim.start(loop, "{n: 0}", WORK);
        SimSteps.Run impatient = sim.start(loop, "{n: 1}", "[{do: " + WORK + ", timeout: '5ms'}]");
        sim.start(loop, "{n: 2}", WORK);
        sim.world.run();

        assertThat(impatient.failure().kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(sim.trace()).containsExactly("10 0", "20 2");
    }

    @Test
    void a_waiter_cancelled_as_it_is_let_in_passes_its_permit_on() {
        sim.start(loop, "{n: 0}", "[{lock: {name: 'x', do: [{sleep: '10ms'}]}}]");
        SimSteps.Run second = sim.start(loop, "{n: 1}", WORK);
        sim.start(loop, "{n: 2}", WORK);
        loop.after(Duration.ofMillis(10), () -> second.frame().scope().cancel(Failure.of(Kind.CANCELLED, "gone")));
        sim.world.run();

        assertThat(second.failure().kind()).isEqualTo(Kind.CANCELLED);
        assertThat(sim.trace()).containsExactly("20 2");
    }

    @Test
    void is_given_back_when_its_steps_fail_or_are_cancelled() {
        sim.start(loop, "{n: 0}", "[{lock: {name: 'x', do: [{raise: 'no'}]}}]");
        sim.start(loop, "{n: 1}", "[{lock: {name: 'x', do: [{sleep: '1h'}]}, timeout: '5ms'}]");
        sim.start(loop, "{n: 2}", WORK);
        sim.world.run();

        assertThat(sim.trace()).containsExactly("15 2");
    }

    @Test
    void its_steps_run_on_the_document_itself() {
        assertThatJson(sim.run("{n: 1}", "[{lock: {name: 'x', do: [{set: {m: 2}}]}}]")
                        .document())
                .isEqualTo("{n: 1, m: 2}");
    }

    @Test
    void an_item_that_would_wait_for_itself_fails() {
        SimSteps.Run run = sim.run("{}", "[{lock: {name: 'x', do: [{gather: [[{lock: {name: 'x', do: []}}]]}]}}]");

        assertThat(run.failure().kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(run.failure()).hasMessageContaining("holds the lock \"x\" already");
    }

    @Test
    void forgets_the_names_that_nobody_uses() {
        Locks locks = new Locks();
        SimSteps.Run run = sim.start(loop, "{}", "[{sleep: '1ms'}]");
        locks.acquire("a", 1, run.frame().scope());
        locks.acquire("a", 1, run.frame().scope());
        locks.release("a");
        sim.world.run();
        locks.release("a");

        assertThat(locks.size()).isZero();
    }
}
