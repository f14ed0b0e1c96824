package io.millrace.step.control;

import static io.millrace.testkit.sim.SimSteps.trace;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.testkit.sim.SimSteps;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatherTest {
    private final SimSteps sim = new SimSteps();

    @Test
    void a_list_gives_a_list_in_the_order_of_declaration_and_takes_as_long_as_the_slowest() {
        SimSteps.Run run = sim.run(
                "{a: 1}",
                "[{gather: [[{sleep: '50ms'}, {map: \"'slow'\"}], [{map: \"'quick'\"}], [{sleep: '20ms'}, {map: '.a'}]]}]");

        assertThatJson(run.document()).isEqualTo("{a: 1, gather: ['slow', 'quick', 1]}");
        assertThat(sim.world.now()).isBetween(Duration.ofMillis(50), Duration.ofMillis(51));
    }

    @Test
    void an_object_gives_an_object() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{gather: {branches: {z: [{sleep: '5ms'}, {map: '1'}], a: [{map: '2'}]}}, as: 'both'}, {map: '.both | to_entries'}]");

        assertThat(run.value()).hasToString("[{\"key\":\"z\",\"value\":1},{\"key\":\"a\",\"value\":2}]");
    }

    @Test
    void no_branches_give_an_empty_list_or_object() {
        assertThat(sim.run("{}", "[{gather: []}]").value()).hasToString("[]");
        assertThat(sim.run("{}", "[{gather: {branches: {}}}]").value()).hasToString("{}");
    }

    @Test
    void branches_run_on_copies() {
        SimSteps.Run run = sim.run("{n: 1}", "[{gather: [[{set: {n: 2}}, {map: '.n'}], [{map: '.n'}]], as: 'g'}]");

        assertThatJson(run.document()).isEqualTo("{n: 1, g: [2, 1]}");
    }

    @Test
    void the_first_failure_cancels_the_others_waits_for_their_finally_and_is_raised() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{gather: [[{sleep: '10ms'}, {raise: 'no'}], [{sleep: '1h', finally: [{sleep: '30ms'}, "
                        + trace("cleaned") + "]}, " + trace("never") + "]]}]");

        assertThat(run.failure()).hasMessage("no");
        assertThat(run.failure().errors()).isEmpty();
        assertThat(sim.trace()).containsExactly("40 cleaned");
        assertThat(sim.world.now()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void failures_that_came_beside_the_first_are_attached() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{gather: [[{sleep: '10ms'}, {raise: 'first'}], [{map: '1', finally: [{sleep: '20ms'}, {raise: 'second'}]}], [{sleep: '1h'}]]}]");

        assertThat(run.failure()).hasMessage("first");
        assertThat(run.failure().errors()).extracting(Failure::message).containsExactly("second");
    }

    @Test
    void what_fails_in_the_clean_up_of_a_cancelled_branch_is_attached() {
        String stumbles = "[{sleep: '1h', finally: [{sleep: '5ms'}, {raise: 'cannot clean up'}]}]";

        SimSteps.Run failed = sim.run("{}", "[{gather: [" + stumbles + ", [{sleep: '10ms'}, {raise: 'first'}]]}]");
        SimSteps.Run late = sim.run("{}", "[{gather: [" + stumbles + ", " + stumbles + "], timeout: '50ms'}]");

        assertThat(failed.failure()).hasMessage("first");
        assertThat(failed.failure().errors()).extracting(Failure::message).containsExactly("cannot clean up");
        assertThat(late.failure().kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(late.failure().errors()).hasSize(2);
    }

    @Test
    void a_branch_that_fails_at_once_leaves_the_rest_unstarted() {
        SimSteps.Run run = sim.run("{}", "[{gather: [[{raise: 'no'}], [" + trace("started") + "]]}]");

        assertThat(run.failure()).hasMessage("no");
        assertThat(sim.trace()).isEmpty();
    }

    @Test
    void errors_return_puts_each_failure_in_its_place() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{gather: {branches: [[{raise: {message: 'no', kind: 'REJECTED'}}], [{sleep: '5ms'}, {map: '7'}]], errors: 'return'}}]");

        assertThatJson(run.value())
                .isEqualTo("[{$error: {kind: 'REJECTED', message: 'no', retryable: false, attempts: 1, step:"
                        + " 'main/gather#0/raise#0'}}, 7]");
    }

    @Test
    void what_branches_emit_leaves_only_if_the_step_succeeds() {
        String emits = "[{emit: 'trace'}]";

        SimSteps.Run good = sim.run("{n: 1}", "[{gather: [" + emits + ", [{sleep: '1ms'}, {emit: 'trace'}]]}]");
        SimSteps.Run bad = sim.run("{n: 2}", "[{gather: [" + emits + ", [{raise: 'no'}]], onError: 'ignore'}]");
        SimSteps.Run returned = sim.run(
                "{n: 3}",
                "[{gather: {branches: [" + emits + ", [{emit: 'trace'}, {raise: 'no'}]], errors: 'return'}}]");

        assertThat(good.frame().emissions()).hasSize(2);
        assertThat(bad.frame().emissions()).isEmpty();
        assertThat(returned.frame().emissions()).hasSize(1);
    }

    @Test
    void a_timeout_around_cancels_all_branches_waits_and_is_the_failure_even_where_errors_are_returned() {
        String slow = "[{sleep: '1h', finally: [{sleep: '20ms'}, " + trace("cleaned") + "]}]";

        SimSteps.Run run = sim.run(
                "{}", "[{gather: {branches: [" + slow + ", " + slow + "], errors: 'return'}, timeout: '50ms'}]");

        assertThat(run.failure().kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(run.failure())
                .hasMessage(
                        "`gather` took longer than 50 ms: it was running branch 0 (sleeping), branch 1 (sleeping).");
        assertThat(sim.trace()).containsExactly("70 cleaned", "70 cleaned");
    }

    @Test
    void a_timeout_names_the_branches_that_still_ran_and_no_more_than_three() {
        String each = "{each: {in: 'range(5)', do: [{sleep: '1h'}]}}";

        SimSteps.Run run = sim.run(
                "{}", "[{gather: {branches: {done: [{sleep: '1ms'}], late: [" + each + "]}}, timeout: '50ms'}]");

        assertThat(run.failure())
                .hasMessage(
                        "`gather` took longer than 50 ms: it was running branch \"late\" (running element 0 (sleeping),"
                                + " element 1 (sleeping), element 2 (sleeping) and 2 more).");
    }

    @Test
    void of_nested_timeouts_the_outer_alone_is_told_if_it_fires_first() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{do: [{gather: [[{sleep: '1h', timeout: '80ms', onError: [" + trace("caught")
                        + "]}]]}], timeout: '50ms'}]");

        assertThat(run.failure()).hasMessage("`do` took longer than 50 ms: it was running branch 0 (sleeping).");
        assertThat(sim.trace()).isEmpty();
    }

    @Test
    void a_timeout_within_a_branch_can_be_caught_there() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{gather: [[{sleep: '1h', timeout: '10ms', onError: [{map: '.error.kind'}]}, {map: '1'}], [{sleep: '30ms'}, {map: '2'}]]}]");

        assertThat(run.value()).hasToString("[1,2]");
    }

    @Test
    void a_retry_runs_all_branches_again() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{gather: [[" + trace("a") + "], [{sleep: '1ms'}, {raise: {message: 'x', kind: 'UNREACHABLE'}}]], "
                        + "retry: {attempts: 3, backoff: '1ms'}, onError: [{set: {tries: '${.error.attempts}'}}]}]");

        assertThat(run.result().succeeded()).isTrue();
        assertThat(sim.trace()).hasSize(3);
    }

    @Test
    void a_decision_about_the_item_in_a_branch_is_one_about_the_item() {
        SimSteps.Run run = sim.run(
                "{}", "[{gather: {branches: [[{raise: 'x', onError: 'drop'}], [{map: '1'}]], errors: 'return'}}]");

        assertThat(run.result().cause()).isNotInstanceOf(Failure.class).hasMessage("x");
    }

    @Test
    void branches_within_branches_are_cancelled_from_the_outside_in() {
        String inner =
                "{gather: [[{sleep: '1h', finally: [" + trace("leaf") + "]}]], finally: [" + trace("inner") + "]}";

        SimSteps.Run run = sim.run(
                "{}",
                "[{gather: [[" + inner + "], [{sleep: '5ms'}, {raise: 'no'}]], finally: [" + trace("outer") + "]}]");

        assertThat(run.failure()).hasMessage("no");
        assertThat(sim.trace()).containsExactly("5 leaf", "5 inner", "5 outer");
    }
}
