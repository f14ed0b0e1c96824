package io.millrace.step.control;

import static io.millrace.testkit.sim.SimSteps.trace;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure.Kind;
import io.millrace.testkit.sim.SimSteps;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RepeatTest {
    private static final String COUNT = "{set: {n: '${.n + 1}'}}";
    private final SimSteps sim = new SimSteps();

    @Test
    void while_is_asked_before_each_round() {
        assertThatJson(sim.run("{n: 0}", "[{repeat: {while: '.n < 3', do: [" + COUNT + "]}}]")
                        .document())
                .isEqualTo("{n: 3}");
        assertThatJson(sim.run("{n: 9}", "[{repeat: {while: '.n < 3', do: [" + COUNT + "]}}]")
                        .document())
                .isEqualTo("{n: 9}");
    }

    @Test
    void until_is_asked_after_each_round() {
        assertThatJson(sim.run("{n: 9}", "[{repeat: {until: '.n > 3', do: [" + COUNT + "]}}]")
                        .document())
                .isEqualTo("{n: 10}");
    }

    @Test
    void rounds_that_take_time_follow_one_another() {
        SimSteps.Run run = sim.run(
                "{n: 0}",
                "[{repeat: {until: '.n == 3', do: [{sleep: '10ms'}, " + COUNT + "]}}, " + trace("done") + "]");

        assertThatJson(run.document()).isEqualTo("{n: 3}");
        assertThat(sim.trace()).containsExactly("30 done");
    }

    @Test
    void its_value_is_stored_only_under_as() {
        SimSteps.Run run = sim.run("{n: 0}", "[{repeat: {while: '.n < 2', do: [" + COUNT + "]}, as: 'last'}]");

        assertThat(run.document().has("repeat")).isFalse();
        assertThat(run.document().has("last")).isTrue();
    }

    @Test
    void more_rounds_than_max_are_a_LIMIT_failure() {
        SimSteps.Run run = sim.run("{n: 0}", "[{repeat: {while: 'true', do: [" + COUNT + "]}}]");

        assertThat(run.failure().kind()).isEqualTo(Kind.LIMIT);
        assertThat(run.failure())
                .hasMessage(
                        "after 1000 rounds there is no end: `true` still holds. If so many are right, raise \"max\".");
    }

    @Test
    void as_many_rounds_as_max_are_none() {
        SimSteps.Run run = sim.run("{n: 0}", "[{repeat: {until: '.n == 5', max: 5, do: [" + COUNT + "]}}]");

        assertThat(run.result().succeeded()).isTrue();
    }

    @Test
    void very_many_rounds_that_are_done_at_once_need_no_deep_stack() {
        SimSteps.Run run = sim.run("{n: 0}", "[{repeat: {while: '.n < 300000', max: 1000000, do: [" + COUNT + "]}}]");

        assertThatJson(run.document()).isEqualTo("{n: 300000}");
    }

    @Test
    void many_rounds_that_take_time_need_no_deep_stack_either() {
        SimSteps.Run run = sim.run(
                "{n: 0}", "[{repeat: {while: '.n < 20000', max: 100000, do: [{sleep: '1ms'}, " + COUNT + "]}}]");

        assertThatJson(run.document()).isEqualTo("{n: 20000}");
    }

    @Test
    void a_timeout_ends_it_between_rounds_that_are_done_at_once() {
        SimSteps.Run run =
                sim.run("{n: 0}", "[{repeat: {while: 'true', max: 2000000000, do: [" + COUNT + "]}, timeout: '1ms'}]");

        assertThat(run.failure().kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(sim.world.now()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_failed_round_is_the_failure_and_a_filter_ends_the_item() {
        assertThat(sim.run("{}", "[{repeat: {until: 'true', do: [{raise: 'no'}]}}]")
                        .failure())
                .hasMessage("no");
        assertThat(sim.run("{}", "[{repeat: {until: 'false', do: [{filter: 'false'}]}}]")
                        .frame()
                        .ended())
                .isTrue();
    }
}
