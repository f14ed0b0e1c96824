package io.millrace.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StageSimulationTest {
    private static final int SEEDS = 600;

    @Test
    void every_item_ends_exactly_once_and_every_root_is_settled() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomFlow flow = new RandomFlow(seed);
            try {
                flow.stages.run();

                assertThat(flow.stages.stopped).isEmpty();
                assertThat(flow.stages.done()).isTrue();
                assertThat(flow.stages.ends).containsExactlyInAnyOrderElementsOf(flow.expected());
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("seed " + seed, failed);
            }
        }
    }

    @Test
    void whoever_waits_for_a_record_is_told_of_each_failure_and_then_once_that_it_has_ended() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomFlow flow = new RandomFlow(seed);
            try {
                if (seed % 2 == 1) {
                    flow.stages.world.advance(
                            Duration.ofNanos(flow.stages.world.random().nextInt(20_000_000)));
                    flow.stages.abort();
                }
                flow.stages.run();

                assertThat(flow.stages.callers)
                        .allSatisfy(caller -> assertThat(caller.settled).isOne())
                        .noneMatch(caller -> caller.late);
                assertThat(flow.stages.callers.stream()
                                .mapToInt(caller -> caller.failed)
                                .sum())
                        .isEqualTo(flow.stages.failures.size());
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("seed " + seed, failed);
            }
        }
    }

    @Test
    void after_an_abort_every_root_is_settled_too() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomFlow flow = new RandomFlow(seed);
            try {
                flow.stages.world.advance(
                        Duration.ofNanos(flow.stages.world.random().nextInt(20_000_000)));
                flow.stages.failures.clear();
                flow.stages.abort();
                flow.stages.run();

                assertThat(flow.stages.done()).isTrue();
                assertThat(flow.stages.failures)
                        .extracting(Failure::kind)
                        .isSubsetOf(Failure.Kind.CANCELLED, Failure.Kind.BAD_DATA, Failure.Kind.UNREACHABLE);
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("seed " + seed, failed);
            }
        }
    }
}
