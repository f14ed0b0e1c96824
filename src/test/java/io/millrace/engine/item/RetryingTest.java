package io.millrace.engine.item;

import static io.millrace.engine.item.ItemWorld.emit;
import static io.millrace.engine.item.ItemWorld.fails;
import static io.millrace.engine.item.ItemWorld.set;
import static io.millrace.testkit.sim.TestSteps.block;
import static io.millrace.testkit.sim.TestSteps.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import io.millrace.engine.item.ItemWorld.Run;
import io.millrace.flow.OnError;
import io.millrace.flow.Retry;
import io.millrace.spi.Failure;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetryingTest {
    private final SplittableRandom random = new SplittableRandom(5);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Failure AWAY = Failure.of(Failure.Kind.UNREACHABLE, "away");

    private final ItemWorld world = new ItemWorld("{'a':1}");
    private int tries;

    private Step succeedsAt(int attempt, Failure before) {
        return frame ->
                ++tries < attempt ? Future.failedFuture(before) : Future.succeededFuture(IntNode.valueOf(tries));
    }

    private static Retry policy(int attempts, Duration backoff, Duration max) {
        return new Retry(attempts, backoff, max, List.of(), Optional.empty());
    }

    @Test
    void tries_again_until_it_succeeds() {
        Run run = world.run(value("x", succeedsAt(3, AWAY)).retry(5, SECOND));

        assertThat(run.document()).isEqualTo("{'a':1,'x':3}");
        assertThat(world.world.now()).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void counts_the_first_try_and_tells_how_often_it_tried() {
        Run run = world.run(value("x", succeedsAt(9, AWAY)).retry(3, SECOND));

        assertThat(tries).isEqualTo(3);
        assertThat(run.failure().attempts()).isEqualTo(3);
        assertThat(run.failure().message()).isEqualTo("away");
    }

    @Test
    void does_not_repeat_what_would_fail_again() {
        world.run(value("x", succeedsAt(9, Failure.badData("bad"))).retry(3, SECOND));

        assertThat(tries).isEqualTo(1);
    }

    @Test
    void repeats_exactly_what_on_names() {
        List<Retry.Condition> on =
                List.of(new Retry.Condition.OfKind(Failure.Kind.BAD_DATA), new Retry.Condition.OfStatus(500, 599));
        Retry policy = new Retry(3, SECOND, SECOND, on, Optional.empty());

        world.run(value("x", succeedsAt(9, Failure.badData("bad"))).retry(policy));
        assertThat(tries).isEqualTo(3);
        tries = 0;
        world.run(value("x", succeedsAt(9, rejected(503))).retry(policy));
        assertThat(tries).isEqualTo(3);
        tries = 0;
        world.run(value("x", succeedsAt(9, rejected(499))).retry(policy));
        assertThat(tries).isEqualTo(1);
        tries = 0;
        world.run(value("x", succeedsAt(9, AWAY)).retry(policy));
        assertThat(tries).isEqualTo(1);
    }

    private static Failure rejected(int status) {
        return Failure.build(Failure.Kind.REJECTED, "status " + status)
                .status(status)
                .done();
    }

    @Test
    void waits_a_random_time_up_to_a_bound_that_doubles_to_a_maximum() {
        Retry policy = policy(100, Duration.ofMillis(100), Duration.ofMillis(1000));
        for (int attempt = 1; attempt < 40; attempt++) {
            long bound = Math.min(1000, 100L << Math.min(attempt - 1, 10));
            long longest = 0;
            long shortest = Long.MAX_VALUE;
            for (int i = 0; i < 400; i++) {
                long wait = Retries.next(policy, AWAY, attempt, Duration.ZERO, random)
                        .pause()
                        .orElseThrow()
                        .toMillis();
                longest = Math.max(longest, wait);
                shortest = Math.min(shortest, wait);
            }
            assertThat(longest).isBetween(bound * 9 / 10, bound);
            assertThat(shortest).isBetween(0L, bound / 10);
        }
    }

    @Test
    void waits_no_less_than_the_other_side_asks_for_within_the_maximum() {
        Retry policy = policy(5, Duration.ofMillis(10), Duration.ofSeconds(20));

        assertThat(Retries.next(policy, retryAfter(7_000), 1, Duration.ZERO, random)
                        .pause())
                .contains(Duration.ofSeconds(7));
        assertThat(Retries.next(policy, retryAfter(90_000), 1, Duration.ZERO, random)
                        .pause())
                .contains(Duration.ofSeconds(20));
    }

    private static Failure retryAfter(long millis) {
        return Failure.build(Failure.Kind.REJECTED, "busy")
                .retryable(true)
                .retryAfterMs(millis)
                .done();
    }

    @Test
    void gives_up_with_the_last_cause_when_the_wait_would_pass_the_total() {
        Retry policy = new Retry(9, SECOND, Duration.ofMinutes(1), List.of(), Optional.of(Duration.ofSeconds(10)));

        Run run = world.run(value("x", succeedsAt(99, retryAfter(4_000))).retry(policy));

        assertThat(tries).isEqualTo(3);
        assertThat(run.failure().message()).isEqualTo("busy");
        assertThat(run.failure().attempts()).isEqualTo(3);
        assertThat(world.world.now()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(9));
    }

    @Test
    void the_total_also_ends_an_attempt_that_hangs() {
        Retry policy = new Retry(9, SECOND, SECOND, List.of(), Optional.of(Duration.ofSeconds(10)));

        Run run = world.run(value("x", world.hangs(Duration.ZERO)).retry(policy));

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThat(run.failure()).hasMessage("`x` did not succeed within retry.total (10000 ms): attempt 1 was cut");
        assertThat(world.world.now()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
        assertThat(world.events).containsExactly("cleaned");
    }

    @Test
    void the_total_tells_what_the_attempt_was_doing_and_why_the_one_before_failed() {
        Retry policy = new Retry(9, SECOND, SECOND, List.of(), Optional.of(Duration.ofSeconds(10)));
        Step slow = frame -> ++tries < 3
                ? Future.failedFuture(AWAY)
                : frame.scope().sleep(Duration.ofHours(1)).map(IntNode.valueOf(1));

        Run run = world.run(block(value("x", slow)).named("both").retry(policy));

        assertThat(run.failure())
                .hasMessage(
                        "`both` did not succeed within retry.total (10000 ms): attempt 3 was cut while it was sleeping;"
                                + " the one before failed: away");
        assertThat(run.failure().attempts()).isEqualTo(3);
        assertThat(run.failure()).hasCause(AWAY);
        assertThat(world.world.now()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
    }

    @Test
    void each_attempt_starts_from_the_document_before_and_only_the_last_emits() {
        Run run = world.run(block(
                        value("seen", frame -> Future.succeededFuture(frame.document()))
                                .as("seen"),
                        set("b", 2),
                        emit("other"),
                        value("x", succeedsAt(3, AWAY)))
                .retry(3, SECOND));

        assertThat(run.document()).isEqualTo("{'a':1,'seen':{'a':1},'b':2,'x':3}");
        assertThat(run.emitted()).isEqualTo("[other{'a':1,'seen':{'a':1},'b':2}]");
    }

    @Test
    void each_attempt_has_its_own_timeout() {
        Run run = world.run(value("x", world.hangs(Duration.ZERO))
                .timeout(Duration.ofMillis(100))
                .retry(3, Duration.ZERO));

        assertThat(world.events).hasSize(3);
        assertThat(run.failure().attempts()).isEqualTo(3);
    }

    @Test
    void cancelling_ends_the_wait_and_the_tries() {
        Run run = world.start(value("x", succeedsAt(9, retryAfter(5_000))).retry(3, SECOND));

        run.frame.scope().cancel(Failure.of(Failure.Kind.CANCELLED, "enough"));
        world.world.run();

        assertThat(tries).isEqualTo(1);
        assertThat(run.failure().message()).isEqualTo("enough");
        assertThat(world.world.now()).isLessThan(SECOND);
    }

    @Test
    void what_has_been_decided_is_not_tried_again() {
        Run run = world.run(
                block(value("x", fails(AWAY)).onError(new OnError.Drop())).retry(3, SECOND));

        assertThat(run.result.cause()).isInstanceOf(Decided.class);
        assertThat(world.world.now()).isLessThan(Duration.ofMillis(1));
    }
}
