package io.millrace.step.control;

import static io.millrace.testkit.sim.SimSteps.trace;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import io.millrace.engine.queue.Loop;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Scope;
import io.millrace.testkit.sim.SimSteps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CacheTest {
    private static final String ASK =
            "{cache: {key: '${.k}', do: [{sleep: '10ms'}, " + trace("asked ${.k}") + ", {map: '.k * 2'}]}, as: 'v'}";
    private final SimSteps sim = new SimSteps();
    private final Loop loop = sim.world.loop();

    @Test
    void items_that_ask_the_same_at_the_same_time_share_one_run_on_all_loops() {
        Loop other = sim.world.loop();

        List<SimSteps.Run> runs = new ArrayList<>(IntStream.range(0, 6)
                .mapToObj(n -> sim.start(n % 2 == 0 ? loop : other, "{k: 21}", "[" + ASK + "]"))
                .toList());
        sim.world.run();

        assertThat(sim.trace()).containsExactly("10 asked 21");
        assertThat(runs).allSatisfy(run -> assertThatJson(run.document()).isEqualTo("{k: 21, v: 42}"));
    }

    @Test
    void a_value_is_kept_and_another_key_has_another() {
        sim.run("{k: 1}", "[" + ASK + "]");
        sim.run("{k: 2}", "[" + ASK + "]");
        SimSteps.Run again = sim.run("{k: 1}", "[" + ASK + "]");

        assertThatJson(again.document()).isEqualTo("{k: 1, v: 2}");
        assertThat(sim.trace()).containsExactly("10 asked 1", "20 asked 2");
    }

    @Test
    void a_failure_is_one_items_own_and_the_waiters_try_one_after_another() {
        String fails = "[{cache: {key: 'x', do: [{sleep: '10ms'}, " + trace("tried") + ", {raise: 'no'}]}}]";
        String works = "[{cache: {key: 'x', do: [{sleep: '10ms'}, " + trace("found") + ", {map: '7'}]}}]";

        SimSteps.Run first = sim.start(loop, "{}", fails);
        SimSteps.Run second = sim.start(loop, "{}", fails);
        SimSteps.Run third = sim.start(loop, "{}", works);
        SimSteps.Run fourth = sim.start(loop, "{}", fails);
        sim.world.run();

        assertThat(sim.trace()).containsExactly("10 tried", "20 tried", "30 found");
        assertThat(first.failure()).hasMessage("no");
        assertThat(second.failure()).hasMessage("no");
        assertThat(third.value()).isEqualTo(IntNode.valueOf(7));
        assertThat(fourth.value()).isEqualTo(IntNode.valueOf(7));
    }

    @Test
    void a_leader_that_is_cancelled_hands_over_and_a_waiter_that_is_cancelled_leaves() {
        SimSteps.Run leader = sim.start(loop, "{k: 3}", "[{do: [" + ASK + "], timeout: '5ms'}]");
        SimSteps.Run gone = sim.start(loop, "{k: 3}", "[{do: [" + ASK + "], timeout: '2ms'}]");
        SimSteps.Run last = sim.start(loop, "{k: 3}", "[{do: [" + ASK + "]}]");
        sim.world.run();

        assertThat(leader.failure().kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(gone.failure().kind()).isEqualTo(Kind.TIMEOUT);
        assertThatJson(last.document()).isEqualTo("{k: 3, v: 6}");
        assertThat(sim.trace()).containsExactly("15 asked 3");
    }

    @Test
    void its_steps_run_on_a_copy() {
        SimSteps.Run run = sim.run("{}", "[{cache: {key: 1, do: [{set: {a: 1}}, {map: '2'}]}}]");

        assertThatJson(run.document()).isEqualTo("{cache: 2}");
    }

    @Test
    void values_grow_old_and_the_one_not_asked_for_the_longest_is_forgotten() {
        long[] now = {0};
        Answers answers = new Answers(Duration.ofNanos(100), 2, () -> now[0]);
        Scope scope = sim.start(loop, "{}", "[]").frame().scope();

        for (int key : new int[] {1, 2, 1, 3}) {
            if (answers.ask(IntNode.valueOf(key), scope).result() == Answers.Told.FIND_OUT) {
                answers.found(IntNode.valueOf(key), IntNode.valueOf(-key));
            }
        }

        assertThat(answers.size()).isEqualTo(2);
        assertThat(answers.ask(IntNode.valueOf(1), scope).result().value()).isEqualTo(IntNode.valueOf(-1));
        assertThat(answers.ask(IntNode.valueOf(2), scope).result()).isEqualTo(Answers.Told.FIND_OUT);
        now[0] = 100;
        assertThat(answers.ask(IntNode.valueOf(1), scope).result()).isEqualTo(Answers.Told.FIND_OUT);
    }
}
