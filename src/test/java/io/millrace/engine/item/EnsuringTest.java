package io.millrace.engine.item;

import static io.millrace.engine.item.ItemWorld.emit;
import static io.millrace.engine.item.ItemWorld.fails;
import static io.millrace.engine.item.ItemWorld.gives;
import static io.millrace.engine.item.ItemWorld.set;
import static io.millrace.engine.item.ItemWorld.takes;
import static io.millrace.testkit.sim.TestSteps.block;
import static io.millrace.testkit.sim.TestSteps.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.item.ItemWorld.Run;
import io.millrace.spi.Failure;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EnsuringTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final ItemWorld world = new ItemWorld("{'a':1}");

    @Test
    void runs_after_success_and_leaves_value_and_document_alone() {
        Run run = world.run(value("x", gives(1)).ensure(world.noting("closed"), set("lost", 1), emit("other")));

        assertThat(run.document()).isEqualTo("{'a':1,'x':1}");
        assertThat(run.emitted()).isEqualTo("[other{'a':1,'x':1,'closed':'closed','lost':1}]");
        assertThat(world.events).containsExactly("closed");
    }

    @Test
    void runs_after_failure_which_stays() {
        Run run = world.run(value("x", fails(Failure.badData("bad")))
                .ensure(world.noting("closed"), value("y", fails(Failure.badData("worse")))));

        assertThat(run.failure().message()).isEqualTo("bad");
        assertThat(run.failure().errors()).extracting(Failure::message).containsExactly("worse");
        assertThat(world.events).containsExactly("closed");
    }

    @Test
    void its_failure_fails_what_had_succeeded() {
        Run run = world.run(value("x", gives(1)).ensure(value("y", fails(Failure.badData("worse")))));

        assertThat(run.failure().message()).isEqualTo("worse");
    }

    @Test
    void runs_to_its_end_when_the_item_is_cancelled() {
        Run run = world.start(block(value("x", takes(HOUR, gives(1))))
                .ensure(value("y", takes(Duration.ofSeconds(2), gives(1))), world.noting("closed")));

        run.frame.scope().cancel(Failure.of(Failure.Kind.CANCELLED, "enough"));
        world.passes(Duration.ofSeconds(1));
        assertThat(run.isOpen()).isTrue();
        world.passes(Duration.ofSeconds(2));

        assertThat(run.failure().message()).isEqualTo("enough");
        assertThat(world.events).containsExactly("closed");
    }

    @Test
    void is_bounded() {
        Run run = world.start(value("x", gives(1)).ensure(value("y", takes(HOUR, gives(1)))));

        world.passes(Ensuring.BOUND.minusMillis(1));
        assertThat(run.isOpen()).isTrue();
        world.passes(Duration.ofMillis(2));

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThat(run.failure().message()).contains("finally");
    }

    @Test
    void runs_after_the_catch_steps() {
        world.run(value("x", fails(Failure.badData("bad")))
                .onError(world.noting("caught"))
                .ensure(world.noting("closed")));

        assertThat(world.events).containsExactly("caught", "closed");
    }

    @Test
    void runs_once_around_all_attempts() {
        world.run(value("x", fails(Failure.of(Failure.Kind.TIMEOUT, "late")))
                .retry(3, Duration.ZERO)
                .ensure(world.noting("closed")));

        assertThat(world.events).containsExactly("closed");
    }
}
