package io.millrace.engine.stage;

import static io.millrace.testkit.sim.Stages.stage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.OnError;
import io.millrace.spi.Failure;
import io.millrace.testkit.sim.SimWorld;
import io.millrace.testkit.sim.TestSteps;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing in a simulated run comes from outside: neither the time of day nor chance. */
class SameSeedTest {
    private static final Duration EVERY = Duration.ofMillis(250);

    private static List<ObjectNode> groups(long seed) {
        SimWorld world = new SimWorld(seed);
        TestSteps flaky = TestSteps.action(
                "flaky",
                frame -> world.random().nextInt(3) == 0
                        ? Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "away"))
                        : Future.succeededFuture(NullNode.getInstance()));
        return new StageWorld(
                        world,
                        200,
                        new OnError.DeadLetter(),
                        stage("s")
                                .source()
                                .steps(flaky)
                                .modified(TestSteps.whole().retry(9, Duration.ofSeconds(1)))
                                .to("t")
                                .done(),
                        stage("t").collectingEvery(EVERY).sink(1).done())
                .run()
                .delivered;
    }

    @Test
    void the_same_seed_gives_the_same_waits_groups_and_times() {
        List<ObjectNode> groups = groups(11);

        assertThat(groups).hasSizeGreaterThan(3).isEqualTo(groups(11)).isNotEqualTo(groups(12));
    }

    @Test
    void a_group_holds_what_came_between_two_strokes_of_the_clock() {
        assertThat(groups(11)).allSatisfy(group -> {
            Instant stroke = stroke(time(group, "first"));

            assertThat(time(group, "last")).isBefore(stroke.plus(EVERY).plusMillis(2));
        });
    }

    private static Instant time(ObjectNode group, String field) {
        return Instant.parse(group.path(field).asText());
    }

    private static Instant stroke(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli() / EVERY.toMillis() * EVERY.toMillis());
    }
}
