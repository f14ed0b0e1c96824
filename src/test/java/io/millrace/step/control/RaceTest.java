package io.millrace.step.control;

import static io.millrace.testkit.sim.SimSteps.trace;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.sim.SimSteps;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RaceTest {
    private final SimSteps sim = new SimSteps();

    @Test
    void the_first_success_wins_and_the_others_are_cancelled_and_waited_for() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{race: [[{sleep: '1h', finally: [{sleep: '20ms'}, " + trace("cleaned")
                        + "]}], [{sleep: '10ms'}, {map: \"'won'\"}]]}, " + trace("after") + "]");

        assertThatJson(run.document()).isEqualTo("{race: 'won'}");
        assertThat(sim.trace()).containsExactly("30 cleaned", "30 after");
        assertThat(sim.world.now()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void a_branch_that_fails_is_out() {
        SimSteps.Run run = sim.run("{}", "[{race: {branches: {a: [{raise: 'no'}], b: [{sleep: '5ms'}, {map: '2'}]}}}]");

        assertThat(run.value()).hasToString("2");
    }

    @Test
    void a_branch_that_wins_at_once_leaves_the_rest_unstarted() {
        SimSteps.Run run = sim.run("{}", "[{race: [[{map: '1'}], [" + trace("started") + "]]}]");

        assertThat(run.value()).hasToString("1");
        assertThat(sim.trace()).isEmpty();
    }

    @Test
    void only_the_winner_emits() {
        SimSteps.Run run =
                sim.run("{}", "[{race: [[{emit: 'trace'}, {sleep: '9ms'}], [{sleep: '1ms'}, {emit: 'trace'}]]}]");

        assertThat(run.frame().emissions()).hasSize(1);
    }

    @Test
    void if_all_fail_the_failure_names_each() {
        SimSteps.Run run = sim.run(
                "{}",
                "[{race: {branches: {east: [{sleep: '9ms'}, {raise: {message: 'down', kind: 'UNREACHABLE'}}], west: [{raise: 'odd'}]}}}]");

        Failure failure = run.failure();
        assertThat(failure).hasMessage("No branch has won. east: down; west: odd");
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.errors()).extracting(Failure::message).containsExactly("down", "odd");
    }

    @Test
    void if_all_fail_alike_the_kind_is_theirs() {
        SimSteps.Run run = sim.run("{}", "[{race: [[{raise: 'a'}], [{raise: 'b'}]]}]");

        assertThat(run.failure()).hasMessage("No branch has won. branch 0: a; branch 1: b");
        assertThat(run.failure().kind()).isEqualTo(Kind.BAD_DATA);
    }

    @Test
    void a_timeout_around_it_is_the_failure() {
        SimSteps.Run run = sim.run("{}", "[{race: [[{sleep: '1h'}], [{sleep: '2h'}]], timeout: '10ms'}]");

        assertThat(run.failure())
                .hasMessage("`race` took longer than 10 ms: it was running branch 0 (sleeping), branch 1 (sleeping).");
    }

    @Test
    void a_race_without_branches_is_refused() {
        Vertx vertx = Vertx.vertx();
        TestAssembly assembly = new TestAssembly(vertx);

        assertThat(assembly.problems(new RaceStep().spec(), "[]"))
                .containsExactly(": A race without branches has no winner. Write at least one list of steps.");
        Await.get(vertx.close());
    }
}
