package io.millrace.engine.item;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OneAtATimeTest {
    private static final Failure REASON = Failure.of(Failure.Kind.CANCELLED, "enough");

    private final ItemWorld world = new ItemWorld("{}");
    private int running;

    private final Step step = new OneAtATime(
            frame -> {
                world.note("call " + ++running);
                return Future.succeededFuture(TextNode.valueOf("done"));
            },
            "cpu");

    private ItemFrame frame() {
        return new ItemFrame(world, world.item);
    }

    @Test
    void the_next_call_is_handed_to_the_pool_when_the_one_before_has_ended() {
        Future<JsonNode> first = step.run(frame());
        Future<JsonNode> second = step.run(frame());

        assertThat(world.pools).hasSize(1);
        world.world.run();

        assertThat(world.pools).hasSize(2);
        assertThat(first.succeeded() && second.succeeded()).isTrue();
        assertThat(world.events).containsExactly("call 1", "call 2");
    }

    @Test
    void a_cancelled_call_that_waits_gives_its_place_up_and_one_that_was_not_begun_its_turn() {
        ItemFrame begun = frame();
        ItemFrame waiting = frame();
        Future<JsonNode> first = step.run(begun);
        Future<JsonNode> second = step.run(waiting);
        Future<JsonNode> third = step.run(frame());

        waiting.scope().cancel(REASON);
        begun.scope().cancel(REASON);
        world.world.run();

        assertThat(first.cause()).isSameAs(REASON);
        assertThat(second.cause()).isSameAs(REASON);
        assertThat(third.succeeded()).isTrue();
        assertThat(world.events).containsExactly("call 1");
    }

    @Test
    void a_call_that_fails_or_throws_passes_its_turn_on() {
        Step throwing = new OneAtATime(
                frame -> {
                    throw new IllegalStateException("broken");
                },
                "cpu");

        Future<JsonNode> first = throwing.run(frame());
        Future<JsonNode> second = throwing.run(frame());
        world.passes(Duration.ofMillis(1));

        assertThat(first.failed() && second.failed()).isTrue();
    }
}
