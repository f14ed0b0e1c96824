package io.millrace.engine.item;

import static io.millrace.engine.item.ItemWorld.fails;
import static io.millrace.engine.item.ItemWorld.gives;
import static io.millrace.engine.item.ItemWorld.set;
import static io.millrace.engine.item.ItemWorld.takes;
import static io.millrace.testkit.sim.TestSteps.block;
import static io.millrace.testkit.sim.TestSteps.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.engine.item.ItemWorld.Run;
import io.millrace.flow.OnError;
import io.millrace.spi.Failure;
import io.vertx.core.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeoutTest {
    private final ItemWorld world = new ItemWorld("{'a':1}");

    @Test
    void leaves_alone_what_is_done_in_time() {
        Run run = world.run(value("x", takes(Duration.ofMillis(99), gives(5))).timeout(Duration.ofMillis(100)));

        assertThat(run.document()).isEqualTo("{'a':1,'x':5}");
        assertThat(world.world.now()).isLessThan(Duration.ofMillis(110));
    }

    @Test
    void cancels_and_waits_for_the_clean_up() {
        Run run = world.start(
                value("x", world.hangs(Duration.ofMillis(200))).named("slow").timeout(Duration.ofMillis(50)));

        world.passes(Duration.ofMillis(249));
        assertThat(run.isOpen()).isTrue();
        world.passes(Duration.ofMillis(3));

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThat(run.failure().message()).isEqualTo("`slow` took longer than 50 ms.");
        assertThat(run.failure().step()).isEqualTo("main/slow#0");
        assertThat(world.events).containsExactly("cleaned");
    }

    @Test
    void what_fails_in_the_clean_up_stands_beside_the_timeout() {
        Run run = world.run(block(value("x", world.hangs(Duration.ofMillis(1)))
                        .ensure(value("y", fails(Failure.badData("cannot clean up")))))
                .timeout(Duration.ofMillis(50)));

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThat(run.failure().errors()).extracting(Failure::message).containsExactly("cannot clean up");
    }

    @Test
    void leaves_no_timer_behind() {
        world.run(value("x", world.hangs(Duration.ofMillis(1))).timeout(Duration.ofMillis(50)));

        assertThat(world.world.now()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void gives_up_a_step_that_never_ends() {
        Run run = world.start(value(
                        "x",
                        frame -> Promise.<com.fasterxml.jackson.databind.JsonNode>promise()
                                .future())
                .timeout(Duration.ofMillis(50)));

        world.passes(Duration.ofMillis(50).plus(ItemScope.CLEAN_UP).minusMillis(1));
        assertThat(run.isOpen()).isTrue();
        world.passes(Duration.ofMillis(2));

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.TIMEOUT);
    }

    @Test
    void of_two_only_the_outer_is_told_when_it_fired_first() {
        Run run = world.run(block(value("x", world.hangs(Duration.ofMillis(200)))
                        .named("inner")
                        .timeout(Duration.ofMillis(100)))
                .named("outer")
                .timeout(Duration.ofMillis(50)));

        assertThat(run.failure().message()).isEqualTo("`outer` took longer than 50 ms.");
    }

    @Test
    void of_two_only_the_outer_is_told_when_it_fired_while_the_inner_cleaned_up() {
        Run run = world.run(block(value("x", world.hangs(Duration.ofMillis(200)))
                        .named("inner")
                        .timeout(Duration.ofMillis(30)))
                .named("outer")
                .timeout(Duration.ofMillis(50)));

        assertThat(run.failure().message()).isEqualTo("`outer` took longer than 50 ms.");
        assertThat(run.failure().errors()).isEmpty();
        assertThat(world.events).containsExactly("cleaned");
    }

    @Test
    void tells_what_the_step_was_doing() {
        Run run = world.run(block(value(
                                "x",
                                frame ->
                                        frame.scope().sleep(Duration.ofHours(1)).map(NullNode.getInstance()))
                        .timeout(Duration.ofMinutes(1)))
                .named("outer")
                .timeout(Duration.ofMillis(50)));

        assertThat(run.failure().message()).isEqualTo("`outer` took longer than 50 ms: it was sleeping.");
    }

    @Test
    void tells_that_it_waited_for_another_attempt_and_why() {
        Failure busy = Failure.build(Failure.Kind.REJECTED, "busy")
                .retryable(true)
                .retryAfterMs(5000)
                .done();

        Run run = world.run(block(value("x", fails(busy)).retry(3, Duration.ofSeconds(30)))
                .named("outer")
                .timeout(Duration.ofMillis(50)));

        assertThat(run.failure().message())
                .matches("`outer` took longer than 50 ms: it was waiting \\d+ ms before attempt 2, after: busy\\.");
    }

    @Test
    void what_had_ended_is_not_told() {
        Run run = world.run(block(
                        value(
                                "x",
                                frame -> frame.scope()
                                        .sleep(Duration.ofMillis(10))
                                        .map(NullNode.getInstance())),
                        value("y", world.hangs(Duration.ZERO)))
                .named("outer")
                .timeout(Duration.ofMillis(50)));

        assertThat(run.failure().message()).isEqualTo("`outer` took longer than 50 ms.");
    }

    @Test
    void the_inner_is_caught_within_the_outer() {
        Run run = world.run(block(
                        value("x", world.hangs(Duration.ZERO))
                                .timeout(Duration.ofMillis(20))
                                .onError(new OnError.Ignore()),
                        set("b", 2))
                .timeout(Duration.ofMillis(50)));

        assertThat(run.document()).isEqualTo("{'a':1,'x':null,'b':2}");
    }

    @Test
    void nothing_within_catches_the_outer() {
        Run run = world.run(block(
                        value("x", world.hangs(Duration.ZERO)).onError(new OnError.Ignore()), world.noting("after"))
                .timeout(Duration.ofMillis(50)));

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThat(world.events).containsExactly("cleaned");
    }

    @Test
    void what_a_late_step_has_done_is_forgotten() {
        Run run = world.run(block(set("b", 2), ItemWorld.emit("other"), value("x", world.hangs(Duration.ZERO)))
                .timeout(Duration.ofMillis(50)));

        assertThat(run.document()).isEqualTo("{'a':1}");
        assertThat(run.emitted()).isEqualTo("[]");
    }

    @Test
    void a_failure_in_time_stays_what_it_is() {
        Failure refused = Failure.of(Failure.Kind.REJECTED, "no");

        Run run = world.run(value("x", fails(refused)).timeout(Duration.ofSeconds(1)));

        assertThat(run.failure().message()).isEqualTo("no");
        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.REJECTED);
    }
}
