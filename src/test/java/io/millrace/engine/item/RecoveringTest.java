package io.millrace.engine.item;

import static io.millrace.engine.item.ItemWorld.emit;
import static io.millrace.engine.item.ItemWorld.fails;
import static io.millrace.engine.item.ItemWorld.gives;
import static io.millrace.engine.item.ItemWorld.set;
import static io.millrace.engine.item.ItemWorld.takes;
import static io.millrace.testkit.sim.TestSteps.action;
import static io.millrace.testkit.sim.TestSteps.block;
import static io.millrace.testkit.sim.TestSteps.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.engine.item.ItemWorld.Run;
import io.millrace.flow.OnError;
import io.millrace.spi.Failure;
import io.millrace.spi.Step;
import io.millrace.testkit.TestJson;
import io.millrace.testkit.sim.TestSteps;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveringTest {
    private static final Failure BAD = Failure.badData("bad");
    private static final Step MESSAGE =
            frame -> Future.succeededFuture(frame.document().path("error").path("message"));

    private final ItemWorld world = new ItemWorld("{'a':1}");

    @Test
    void ignore_gives_null_and_goes_on() {
        Run run = world.run(value("x", fails(BAD)).onError(new OnError.Ignore()), set("b", 2));

        assertThat(run.document()).isEqualTo("{'a':1,'x':null,'b':2}");
    }

    @Test
    void other_words_decide_for_those_around() {
        for (OnError word : List.of(new OnError.Drop(), new OnError.DeadLetter(), new OnError.Stop())) {
            Run run = world.run(
                    block(value("x", fails(BAD)).onError(word)).onError(set("caught", 1)), world.noting("after"));

            assertThat(run.result.cause()).isInstanceOf(Decided.class);
            assertThat(((Decided) run.result.cause()).decision()).isEqualTo(word);
            assertThat(run.failure().step()).isEqualTo("main/do#0/x#0");
        }
        assertThat(world.events).isEmpty();
    }

    @Test
    void the_catch_of_a_step_with_a_value_gives_its_last_value_and_changes_nothing_else() {
        Run run = world.run(value("x", fails(BAD)).onError(set("lost", 1), emit("other"), value("m", MESSAGE)));

        assertThat(run.document()).isEqualTo("{'a':1,'x':'bad'}");
        assertThat(run.emitted()).startsWith("[other{'a':1,'error':{'kind':'BAD_DATA'");
    }

    @Test
    void the_catch_of_a_block_goes_on_with_the_document_as_at_the_failure() {
        Run run = world.run(block(set("b", 2), emit("lost"), value("x", takes(Duration.ofMillis(1), fails(BAD))))
                .onError(set("c", 3), value("m", MESSAGE), emit("other")));

        assertThat(run.document()).isEqualTo("{'a':1,'b':2,'c':3,'m':'bad'}");
        assertThat(run.emitted()).startsWith("[other{").doesNotContain("lost");
    }

    @Test
    void an_error_field_of_the_document_itself_comes_back() {
        ItemWorld other = new ItemWorld("{'error':'mine'}");

        Run run = other.run(block(value("x", fails(BAD))).onError(value("m", MESSAGE)));

        assertThat(run.document()).isEqualTo("{'error':'mine','m':'bad'}");
    }

    @Test
    void an_error_field_that_the_catch_steps_write_stays() {
        Run run = world.run(block(value("x", fails(BAD))).onError(action("map", frame -> {
            frame.replace(TestJson.read("{'url':'u'}"));
            frame.put("error", TextNode.valueOf("told"));
            return Sequence.NOTHING;
        })));

        assertThat(run.document()).isEqualTo("{'url':'u','error':'told'}");
    }

    @Test
    void a_catch_may_end_the_item() {
        TestSteps filter = action("filter", frame -> {
            frame.end();
            return Sequence.NOTHING;
        });

        Run run = world.run(value("x", fails(BAD)).onError(filter), world.noting("after"));

        assertThat(run.frame.ended()).isTrue();
        assertThat(world.events).isEmpty();
    }

    @Test
    void a_failing_catch_fails_with_its_own_failure() {
        Run run = world.run(value("x", fails(BAD)).onError(value("y", fails(Failure.badData("worse")))));

        assertThat(run.failure().message()).isEqualTo("worse");
        assertThat(run.failure().step()).isEqualTo("main/x#0/y#0");
    }

    @Test
    void what_is_thrown_is_a_bug_that_names_the_step() {
        Run run = world.run(value("x", frame -> {
            throw new IllegalArgumentException("oops");
        }));

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.BUG);
        assertThat(run.failure().step()).isEqualTo("main/x#0");
    }

    @Test
    void nothing_is_caught_in_a_cancelled_item() {
        Run run = world.start(
                block(value("x", takes(Duration.ofHours(1), gives(1)))).onError(world.noting("caught")));

        run.frame.scope().cancel(Failure.of(Failure.Kind.CANCELLED, "enough"));
        world.world.run();

        assertThat(run.failure().message()).isEqualTo("enough");
        assertThat(world.events).isEmpty();
    }
}
