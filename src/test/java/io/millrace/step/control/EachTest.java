package io.millrace.step.control;

import static io.millrace.testkit.sim.SimSteps.trace;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.sim.SimSteps;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EachTest {
    private final SimSteps sim = new SimSteps();

    @Test
    void gives_the_values_in_the_order_of_the_elements_whoever_is_done_first() {
        SimSteps.Run run = sim.run(
                "{list: [30, 10, 20]}",
                "[{each: {in: '.list[]', do: [{sleep: '${.value}ms'}, {map: '.value'}]}, as: 'out'}]");

        assertThatJson(run.document()).isEqualTo("{list: [30, 10, 20], out: [30, 10, 20]}");
        assertThat(sim.world.now()).isLessThan(Duration.ofMillis(31));
    }

    @Test
    void elements_are_documents_and_see_the_document_as_outer() {
        SimSteps.Run run = sim.run(
                "{town: 'Oslo', list: [{n: 1}, 'x']}",
                "[{each: {in: '.list[]', do: [{set: {town: '${$outer.town}'}}, {map: '.'}]}, as: 'out'}]");

        assertThatJson(run.document().get("out")).isEqualTo("[{n: 1, town: 'Oslo'}, {value: 'x', town: 'Oslo'}]");
    }

    @Test
    void no_elements_give_an_empty_list() {
        assertThat(sim.run("{list: []}", "[{each: {in: '.list[]', do: [{map: '1'}]}}]")
                        .value())
                .hasToString("[]");
    }

    @Test
    void a_filter_leaves_the_element_out_and_the_item_goes_on() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{each: {in: 'range(6)', do: [{do: [{filter: '.value % 2 == 0'}]}, {map: '.value'}]}, as: 'even'}, {set: {after: true}}]");

        assertThatJson(run.document()).isEqualTo("{even: [0, 2, 4], after: true}");
    }

    @Test
    void no_more_than_concurrency_run_at_the_same_time() {
        SimSteps.Run run =
                sim.run("{}", "[{each: {in: 'range(10)', concurrency: 3, do: [{sleep: '10ms'}, {map: '.value'}]}}]");

        assertThat(run.value()).hasSize(10);
        assertThat(sim.world.now()).isBetween(Duration.ofMillis(40), Duration.ofMillis(41));
    }

    @Test
    void the_first_failure_cancels_what_runs_and_begins_nothing_more() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{each: {in: 'range(10)', concurrency: 2, do: [{switch: [{when: '.value == 1', do: [{sleep: '5ms'}, {raise: 'one'}]}, "
                        + "{do: [{sleep: '1h', finally: [" + trace("cleaned") + "]}]}]}]}}]");

        assertThat(run.failure()).hasMessage("one");
        assertThat(sim.trace()).containsExactly("5 cleaned");
    }

    @Test
    void errors_return_puts_each_failure_in_its_place() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{each: {in: 'range(3)', errors: 'return', do: [{raise: 'odd', when: '.value == 1'}, {map: '.value'}]}, as: 'r'}, "
                        + "{map: '[.r[] | if type == \"object\" then .[\"$error\"].message else . end]'}]");

        assertThat(run.value()).hasToString("[0,\"odd\",2]");
    }

    @Test
    void a_hundred_thousand_elements_that_are_done_at_once_need_no_deep_stack() {
        SimSteps.Run run = sim.run(
                "{}", "[{each: {in: 'range(100000)', do: [{set: {x: 1}}]}, as: 'out'}, {map: '.out | length'}]");

        assertThat(run.value()).hasToString("100000");
    }

    @Test
    void elements_that_are_done_in_turns_of_their_own_need_no_deep_stack_either() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{each: {in: 'range(20000)', concurrency: 1, do: [{sleep: '1ms', when: '.value % 2 == 0'}, {map: '1'}]}, as: 'out'}, {map: '.out | length'}]");

        assertThat(run.value()).hasToString("20000");
    }
}
