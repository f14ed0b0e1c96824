package io.millrace.engine.stage;

import static io.millrace.testkit.sim.Stages.stage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.engine.stage.StageWorld.End;
import io.millrace.flow.OnError;
import io.millrace.flow.Retry;
import io.millrace.flow.Stage;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Step;
import io.millrace.testkit.sim.SimWorld;
import io.millrace.testkit.sim.TestSteps;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StageInstanceTest {
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Future<JsonNode> NOTHING = Future.succeededFuture(NullNode.getInstance());

    private SimWorld world = new SimWorld(3);
    private final List<String> started = new ArrayList<>();
    private final List<Duration> startedAt = new ArrayList<>();

    private StageWorld run(int records, Stage... stages) {
        return new StageWorld(world, records, new OnError.DeadLetter(), stages).run();
    }

    private static String id(Frame frame) {
        return frame.document().path("id").asText();
    }

    private Duration someTime() {
        return Duration.ofNanos(world.random().nextInt(5_000_000));
    }

    /** Takes a random time, or none. */
    private TestSteps work() {
        return TestSteps.action("work", frame -> {
            started.add(id(frame));
            startedAt.add(world.now());
            return world.random().nextInt(4) == 0
                    ? NOTHING
                    : frame.scope().sleep(someTime()).map(NullNode.getInstance());
        });
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "s" + i).toList();
    }

    @Test
    void ordered_results_leave_as_items_came_whatever_they_take() {
        for (long seed = 0; seed < 100; seed++) {
            world = new SimWorld(seed);
            StageWorld stages = run(
                    80,
                    stage("s").source().ordered().steps(work()).to("sink").done(),
                    stage("sink").sink(1 + (int) (seed % 3)).done());

            assertThat(stages.deliveredIds()).as("seed %s", seed).isEqualTo(ids(80));
        }
    }

    @Test
    void ordered_results_keep_their_order_into_a_sink_that_is_full() {
        StageWorld stages =
                run(80, stage("s").source().ordered().steps(work()).sink(1).done());

        assertThat(stages.deliveredIds()).isEqualTo(ids(80));
    }

    @Test
    void ordered_items_keep_their_place_over_another_attempt() {
        Step flaky = frame -> attempt(frame) == 1 && world.random().nextInt(3) == 0
                ? Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "away"))
                : NOTHING;

        StageWorld stages = run(
                60,
                stage("s")
                        .source()
                        .ordered()
                        .capacity(4)
                        .steps(work(), TestSteps.action("flaky", flaky))
                        .modified(TestSteps.whole().retry(3, Duration.ofMillis(20)))
                        .sink(5)
                        .done());

        assertThat(stages.deliveredIds()).isEqualTo(ids(60));
        assertThat(stages.metrics.get("s").get(0).retriedCount()).isPositive();
    }

    @Test
    void the_total_of_a_retry_cuts_an_attempt_that_runs_and_tells_the_failure_before() {
        Retry policy = new Retry(9, MILLI, MILLI, List.of(), Optional.of(Duration.ofSeconds(10)));
        List<Duration> stoppedAt = new ArrayList<>();
        Step hangs = frame -> attempt(frame) < 3
                ? Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "away"))
                : hanging(frame, Duration.ofSeconds(1), stoppedAt);

        StageWorld stages = run(
                1,
                stage("s")
                        .source()
                        .steps(TestSteps.action("hangs", hangs))
                        .modified(TestSteps.whole().retry(policy))
                        .sink(1)
                        .done());

        assertThat(stages.failures).singleElement().satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.TIMEOUT);
            assertThat(failure)
                    .hasMessage(
                            "`s` did not succeed within retry.total (10000 ms): attempt 3 was cut while it was hanging;"
                                    + " the one before failed: away");
            assertThat(failure.attempts()).isEqualTo(3);
        });
        assertThat(stoppedAt)
                .singleElement()
                .satisfies(at -> assertThat(at).isBetween(Duration.ofMillis(10_990), Duration.ofMillis(11_010)));
    }

    private Future<JsonNode> hanging(Frame frame, Duration cleanUp, List<Duration> stoppedAt) {
        Promise<JsonNode> never = Promise.promise();
        Scope shielded = frame.scope().shielded();
        frame.scope()
                .onCancel(Scope.Operation.of(
                        () -> "hanging",
                        () -> shielded.sleep(cleanUp).onComplete(done -> {
                            stoppedAt.add(world.now());
                            never.fail(Failure.of(Failure.Kind.CANCELLED, "cancelled"));
                        })));
        return never.future();
    }

    @Test
    void an_item_that_waits_for_another_attempt_holds_no_slot() {
        Failure busy = Failure.build(Failure.Kind.REJECTED, "busy")
                .retryable(true)
                .retryAfterMs(20_000)
                .done();
        List<Duration> done = new ArrayList<>();
        Step firstIsBusy = frame -> {
            if (frame.document().path("id").asText().equals("s0") && attempt(frame) == 1) {
                return Future.failedFuture(busy);
            }
            done.add(world.now());
            return NOTHING;
        };

        StageWorld stages = run(
                3,
                stage("s")
                        .source()
                        .concurrency(1)
                        .steps(TestSteps.action("busy", firstIsBusy))
                        .modified(TestSteps.whole().retry(2, MILLI))
                        .sink(1)
                        .done());

        assertThat(stages.deliveredIds()).containsExactly("s1", "s2", "s0");
        assertThat(done.get(1)).isLessThan(Duration.ofSeconds(1));
        assertThat(done.get(2)).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void the_catch_steps_of_a_stage_run_after_the_last_attempt() {
        List<Integer> caught = new ArrayList<>();
        Step away = frame -> Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "away"));

        StageWorld stages = run(
                1,
                stage("s")
                        .source()
                        .steps(TestSteps.action("away", away))
                        .modified(TestSteps.whole().retry(3, MILLI).onError(TestSteps.action("note", frame -> {
                            caught.add(attempt(frame));
                            return NOTHING;
                        })))
                        .sink(1)
                        .done());

        assertThat(caught).containsExactly(3);
        assertThat(stages.deliveredIds()).containsExactly("s0");
        assertThat(stages.metrics.get("s").get(0).retriedCount()).isEqualTo(2);
    }

    private static int attempt(Frame frame) {
        return Objects.requireNonNull(frame.variable("meta")).path("attempt").asInt();
    }

    @Test
    void the_parts_of_an_ordered_item_take_its_place() {
        List<String> expected = ids(30).stream()
                .flatMap(id -> IntStream.range(0, 3).mapToObj(i -> id + "/" + i))
                .toList();

        StageWorld stages = run(
                30,
                stage("s")
                        .source()
                        .ordered()
                        .concurrency(5)
                        .capacity(4)
                        .steps(work())
                        .splitting(3)
                        .steps(work())
                        .sink(7)
                        .done());

        assertThat(stages.deliveredIds()).isEqualTo(expected);
    }

    @Test
    void ordered_items_that_wait_for_a_permit_keep_their_place() {
        StageWorld stages = run(
                40,
                stage("s")
                        .source()
                        .ordered()
                        .rate(1, MILLI.multipliedBy(5), Optional.of(".id | length"), 1)
                        .steps(work())
                        .sink(1)
                        .done());

        assertThat(stages.deliveredIds()).isEqualTo(ids(40));
    }

    @Test
    void ordered_items_that_fail_or_are_filtered_hold_nobody_up() {
        TestSteps choosy = TestSteps.action("choosy", frame -> {
            int n = Integer.parseInt(id(frame).substring(1));
            if (n % 3 == 0) {
                frame.end();
            }
            return n % 3 == 1 ? Future.failedFuture(Failure.badData("bad")) : NOTHING;
        });

        StageWorld stages = run(
                60, stage("s").source().ordered().steps(work(), choosy).sink(4).done());

        assertThat(stages.deliveredIds())
                .isEqualTo(ids(60).stream()
                        .filter(id -> Integer.parseInt(id.substring(1)) % 3 == 2)
                        .toList());
    }

    @Test
    void results_that_wait_for_their_turn_need_no_slot_but_at_most_the_queue_of_them_wait() {
        TestSteps slowHead = TestSteps.action("work", frame -> {
            started.add(id(frame));
            Duration time = id(frame).equals("s0") ? SECOND : MILLI;
            return frame.scope().sleep(time).map(NullNode.getInstance());
        });
        StageWorld stages = new StageWorld(
                world,
                500,
                new OnError.DeadLetter(),
                stage("s")
                        .source()
                        .ordered()
                        .concurrency(2)
                        .capacity(64)
                        .steps(slowHead)
                        .sink(10)
                        .done());

        world.advance(Duration.ofMillis(900));
        assertThat(started).hasSize(64);
        stages.run();

        assertThat(stages.deliveredIds()).isEqualTo(ids(500));
    }

    @Test
    void items_of_one_key_never_overlap_and_keep_their_order() {
        for (long seed = 0; seed < 60; seed++) {
            world = new SimWorld(seed);
            Map<String, Integer> last = new HashMap<>();
            Set<String> busy = new HashSet<>();
            Step exclusive = frame -> {
                int n = Integer.parseInt(id(frame).substring(1));
                String key = "k" + n % 5;
                assertThat(busy.add(key)).as("overlap").isTrue();
                assertThat(n).isGreaterThanOrEqualTo(Objects.requireNonNullElse(last.put(key, n), -1));
                return frame.scope().sleep(someTime()).compose(awake -> {
                    busy.remove(key);
                    return attempt(frame) == 1 && n % 7 == 0
                            ? Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "away"))
                            : NOTHING;
                });
            };

            StageWorld stages = run(
                    60,
                    stage("s")
                            .source()
                            .instances(1 + (int) (seed % 3))
                            .key(".id[1:] | tonumber % 5")
                            .steps(TestSteps.action("exclusive", exclusive))
                            .modified(TestSteps.whole().retry(2, MILLI))
                            .sink(3)
                            .done());

            assertThat(stages.deliveredIds()).containsExactlyInAnyOrderElementsOf(ids(60));
        }
    }

    @Test
    void the_parts_of_an_item_hold_its_key() {
        Map<String, Integer> open = new HashMap<>();
        TestSteps part = TestSteps.action("part", frame -> {
            String parent = id(frame).replaceAll("/.*", "");
            open.putIfAbsent(parent, 3);
            assertThat(open).hasSize(1);
            return frame.scope().sleep(someTime()).map(awake -> {
                open.computeIfPresent(parent, (same, left) -> left == 1 ? null : left - 1);
                return NullNode.getInstance();
            });
        });

        StageWorld stages = run(
                20,
                stage("s")
                        .source()
                        .concurrency(5)
                        .key("1")
                        .splitting(3)
                        .steps(part)
                        .sink(3)
                        .done());

        assertThat(stages.delivered).hasSize(60);
    }

    @Test
    void a_key_that_cannot_be_evaluated_is_a_dead_letter_and_holds_nobody_up() {
        StageWorld stages = run(
                30,
                stage("s").source().to("t").done(),
                stage("t")
                        .ordered()
                        .key(".id[1:] | tonumber | if . % 10 == 3 then error(\"no\") else 1 end")
                        .steps(work())
                        .sink(3)
                        .done());

        assertThat(stages.ends.stream().filter(end -> end.how().equals("dead")).map(End::id))
                .containsExactlyInAnyOrder("s3", "s13", "s23");
        assertThat(stages.delivered).hasSize(27);
        assertThat(stages.done()).isTrue();
    }

    @Test
    void starts_never_exceed_the_rate_even_when_slots_were_busy() {
        for (long seed = 0; seed < 60; seed++) {
            world = new SimWorld(seed);
            startedAt.clear();
            int burst = 1 + (int) (seed % 3);
            Duration interval = Duration.ofMillis(4);

            StageWorld stages = run(
                    60,
                    stage("s")
                            .source()
                            .instances(1 + (int) (seed % 2))
                            .concurrency(2)
                            .rate(1, interval, Optional.empty(), burst)
                            .steps(TestSteps.action("work", frame -> {
                                startedAt.add(world.now());
                                Duration time = world.random().nextInt(10) == 0 ? Duration.ofMillis(40) : MILLI;
                                return frame.scope().sleep(time).map(NullNode.getInstance());
                            }))
                            .sink(10)
                            .done());

            assertThat(stages.delivered).hasSize(60);
            for (int i = burst; i < startedAt.size(); i++) {
                assertThat(startedAt.get(i).minus(startedAt.get(i - burst)))
                        .as("seed %s, start %s", seed, i)
                        .isGreaterThanOrEqualTo(interval.minusNanos(10_000));
            }
        }
    }

    @Test
    void rates_apart_do_not_hold_each_other_up() {
        StageWorld stages = run(
                40,
                stage("s")
                        .source()
                        .concurrency(40)
                        .rate(1, SECOND, Optional.of(".id[1:] | tonumber % 20"), 1)
                        .steps(work())
                        .sink(10)
                        .done());

        assertThat(stages.delivered).hasSize(40);
        assertThat(startedAt.stream().filter(at -> at.compareTo(SECOND) < 0)).hasSize(20);
        assertThat(startedAt.stream().filter(at -> at.compareTo(SECOND.multipliedBy(2)) < 0))
                .hasSize(40);
    }

    @Test
    void a_bounded_cycle_with_fan_out_does_not_deadlock() {
        Step fanOut = frame -> {
            if (id(frame).length() < 7) {
                for (int i = 0; i < 3; i++) {
                    frame.emit("s", frame.document().deepCopy().put("id", id(frame) + i));
                }
            }
            return frame.scope().sleep(someTime()).map(NullNode.getInstance());
        };

        StageWorld stages = run(
                2,
                stage("s")
                        .source()
                        .concurrency(2)
                        .capacity(2)
                        .emitting("s", fanOut)
                        .to("t")
                        .done(),
                stage("t").concurrency(1).capacity(1).steps(work()).sink(1).done());

        assertThat(stages.done()).isTrue();
        assertThat(stages.delivered).hasSize(2 * (1 + 3 + 9 + 27 + 81 + 243));
    }

    @Test
    void a_cycle_that_outgrows_its_bytes_stops_the_run() {
        StageWorld[] stages = new StageWorld[1];
        Step flood = frame -> {
            for (int i = 0; i < 50 && !stages[0].draining; i++) {
                frame.emit("s", frame.document());
            }
            stages[0].draining |= !stages[0].stopped.isEmpty();
            return NOTHING;
        };

        stages[0] = new StageWorld(
                world,
                1,
                new OnError.DeadLetter(),
                stage("s").source().bytes(50_000).emitting("s", flood).sink(10).done());
        stages[0].run();

        assertThat(stages[0].stopped).isNotEmpty();
        assertThat(stages[0].stopped.get(0)).contains("queue of stage \"s\"");
    }

    @Test
    void a_cycle_parks_what_it_emits_while_the_run_drains() {
        StageWorld stages = new StageWorld(
                world,
                10,
                new OnError.DeadLetter(),
                stage("s")
                        .source()
                        .emitting("s", frame -> {
                            frame.emit("s", frame.document());
                            return frame.scope().sleep(MILLI).map(NullNode.getInstance());
                        })
                        .sink(10)
                        .done());

        world.advance(Duration.ofMillis(20));
        stages.draining = true;
        stages.run();

        assertThat(stages.done()).isTrue();
        assertThat(stages.failures).isNotEmpty().allMatch(failure -> failure.kind() == Failure.Kind.CANCELLED);
    }

    @Test
    void an_abort_cancels_what_runs_and_gives_up_what_does_not_end() {
        StageWorld stages = new StageWorld(
                world,
                30,
                new OnError.DeadLetter(),
                stage("s")
                        .source()
                        .concurrency(4)
                        .capacity(8)
                        .steps(TestSteps.action(
                                "hang",
                                frame -> id(frame).equals("s1")
                                        ? Promise.<JsonNode>promise().future()
                                        : frame.scope()
                                                .sleep(Duration.ofDays(1))
                                                .map(NullNode.getInstance())))
                        .sink(10)
                        .done());

        world.advance(SECOND);
        stages.abort();
        world.advance(SECOND);
        assertThat(stages.ends).extracting(End::id).doesNotContain("s1");
        stages.run();

        assertThat(stages.done()).isTrue();
        assertThat(stages.ends).extracting(End::how).containsOnly("dead");
        assertThat(stages.ends).extracting(End::id).contains("s1").doesNotHaveDuplicates();
        assertThat(stages.failures).allMatch(failure -> failure.kind() == Failure.Kind.CANCELLED);
        assertThat(world.now()).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void groups_leave_when_full_and_the_rest_at_the_end() {
        StageWorld stages = run(
                25,
                stage("s")
                        .source()
                        .steps(work())
                        .collecting(Optional.empty(), 10, Optional.empty())
                        .sink(1)
                        .done());

        assertThat(stages.done()).isTrue();
        assertThat(stages.delivered)
                .extracting(group -> group.path("count").asInt())
                .containsExactly(10, 10, 5);
        assertThat(stages.delivered.stream().flatMap(group -> group.path("items").findValuesAsText("id").stream()))
                .containsExactlyInAnyOrderElementsOf(ids(25));
    }

    @Test
    void groups_of_groups_leave_at_the_end_too() {
        StageWorld stages = run(
                25,
                stage("s")
                        .source()
                        .collecting(Optional.of(TestSteps.jq(".id | length")), 4, Optional.empty())
                        .to("t")
                        .done(),
                stage("t")
                        .collecting(Optional.empty(), 100, Optional.empty())
                        .sink(1)
                        .done());

        assertThat(stages.done()).isTrue();
        assertThat(stages.delivered).hasSize(1);
        assertThat(stages.delivered.get(0).findValuesAsText("id").stream().distinct())
                .containsExactlyInAnyOrderElementsOf(ids(25));
    }

    @Test
    void a_group_leaves_some_time_after_its_first() {
        StageWorld stages = new StageWorld(
                world,
                5,
                new OnError.DeadLetter(),
                stage("s")
                        .source()
                        .collecting(Optional.empty(), 100, Optional.of(SECOND))
                        .sink(1)
                        .done());

        world.advance(SECOND.minusMillis(1));
        assertThat(stages.delivered).isEmpty();
        world.advance(Duration.ofMillis(10));

        assertThat(stages.delivered).hasSize(1);
        assertThat(stages.done()).isTrue();
    }

    @Test
    void an_abort_gives_collected_items_back_one_by_one() {
        StageWorld stages = new StageWorld(
                world,
                5,
                new OnError.DeadLetter(),
                stage("s")
                        .source()
                        .collecting(Optional.empty(), 100, Optional.empty())
                        .sink(1)
                        .done());
        world.advance(SECOND);

        stages.abort();
        stages.run();

        assertThat(stages.done()).isTrue();
        assertThat(stages.ends).extracting(End::id).containsExactlyInAnyOrderElementsOf(ids(5));
    }

    @Test
    void unique_lets_each_value_pass_once() {
        StageWorld stages = run(
                50,
                stage("s")
                        .source()
                        .instances(3)
                        .concurrency(9)
                        .steps(work())
                        .to("t")
                        .done(),
                stage("t").unique(".id[1:] | tonumber % 7").sink(5).done());

        assertThat(stages.delivered).hasSize(7);
        assertThat(stages.done()).isTrue();
    }

    @Test
    void what_an_item_becomes_has_ids_of_its_own() {
        List<String> metas = new ArrayList<>();
        TestSteps note = TestSteps.action("note", frame -> {
            metas.add(Objects.requireNonNull(frame.variable("meta")).path("id").asText());
            return NOTHING;
        });

        run(
                5,
                stage("s")
                        .source()
                        .emitting("t", frame -> {
                            frame.emit("t", frame.document());
                            frame.emit("t", frame.document());
                            return NOTHING;
                        })
                        .splitting(2)
                        .steps(note)
                        .to("t", "u")
                        .done(),
                stage("t").steps(note).sink(5).done(),
                stage("u").steps(note).sink(5).done());

        assertThat(metas).hasSize(5 * (2 + 2 + 2 * 2)).doesNotHaveDuplicates();
    }

    @Test
    void a_sink_that_is_away_is_written_to_again() {
        StageWorld stages = new StageWorld(
                world,
                50,
                new OnError.DeadLetter(),
                stage("s").source().steps(work()).sink(4).done());
        stages.away = 3;

        stages.run();

        assertThat(stages.deliveredIds()).containsExactlyInAnyOrderElementsOf(ids(50));
        assertThat(stages.done()).isTrue();
    }

    @Test
    void on_error_says_what_becomes_of_a_failure() {
        TestSteps bad = TestSteps.action("bad", frame -> Future.failedFuture(Failure.badData("bad")));

        StageWorld dropped = run(
                5,
                stage("s")
                        .source()
                        .steps(bad)
                        .modified(TestSteps.whole().onError(new OnError.Drop()))
                        .sink(1)
                        .done());
        assertThat(dropped.ends).isEmpty();
        assertThat(dropped.metrics.get("s").get(0).failedCount()).isEqualTo(5);

        world = new SimWorld(4);
        StageWorld stopping = run(
                1,
                stage("s")
                        .source()
                        .steps(bad)
                        .modified(TestSteps.whole().onError(new OnError.Stop()))
                        .sink(1)
                        .done());
        assertThat(stopping.stopped).containsExactly("s/bad#0: bad");

        world = new SimWorld(5);
        StageWorld caught = run(
                5,
                stage("s")
                        .source()
                        .steps(bad)
                        .modified(TestSteps.whole().onError(TestSteps.action("fine", frame -> NOTHING)))
                        .sink(1)
                        .done());
        assertThat(caught.deliveredIds()).containsExactlyInAnyOrderElementsOf(ids(5));
    }
}
