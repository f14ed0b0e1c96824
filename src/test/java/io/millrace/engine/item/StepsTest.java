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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.ItemWorld.Run;
import io.millrace.spi.Failure;
import io.millrace.spi.Step;
import io.millrace.testkit.TestJson;
import io.millrace.testkit.sim.TestSteps;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsTest {
    private static final Duration MILLI = Duration.ofMillis(1);

    private final ItemWorld world = new ItemWorld("{'a':1}");

    private static final Step WHOLE = frame -> Future.succeededFuture(frame.document());

    @Test
    void a_value_goes_where_as_says() {
        Step object = frame -> Future.succeededFuture(TestJson.read("{'o':1}"));

        assertThat(world.run(value("x", gives(1))).document()).isEqualTo("{'a':1,'x':1}");
        assertThat(world.run(value("x", gives(1)).as("y")).document()).isEqualTo("{'a':1,'y':1}");
        assertThat(world.run(value("x", gives(1)).as(null)).document()).isEqualTo("{'a':1}");
        assertThat(world.run(value("x", object).as(".")).document()).isEqualTo("{'o':1}");
        assertThat(world.run(value("x", gives(1)).as(".")).document()).isEqualTo("{'value':1}");
        assertThat(world.run(value("x", takes(MILLI, gives(1))).as("y")).document())
                .isEqualTo("{'a':1,'y':1}");
        assertThat(world.run(action("x", gives(1)).as("y")).document()).isEqualTo("{'a':1}");
    }

    @Test
    void a_block_stores_its_last_value_only_where_as_is_given() {
        assertThat(world.run(block(value("x", gives(1)))).document()).isEqualTo("{'a':1,'x':1}");
        assertThat(world.run(block(value("x", gives(1))).as("y")).document()).isEqualTo("{'a':1,'x':1,'y':1}");
    }

    @Test
    void when_skips_the_step_and_stores_nothing() {
        Run run = world.run(
                value("x", gives(1)).when(".a == 2"),
                value("y", gives(1)).when(".a == 1"),
                value("z", gives(1)).when("empty"));

        assertThat(run.document()).isEqualTo("{'a':1,'y':1}");
    }

    @Test
    void a_condition_that_fails_names_the_step() {
        Run run = world.run(value("x", gives(1)).when(".a.b"));

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.BAD_DATA);
        assertThat(run.failure().step()).isEqualTo("main/x#0");
    }

    @Test
    void steps_run_one_after_another_also_when_they_take_time() {
        List<TestSteps> steps = new ArrayList<>();
        StringBuilder expected = new StringBuilder("{'a':1");
        for (int i = 0; i < 60; i++) {
            steps.add(value("s" + i, i % 3 == 0 ? gives(i) : takes(MILLI, gives(i))));
            expected.append(",'s").append(i).append("':").append(i);
        }

        Run run = world.run(steps.toArray(TestSteps[]::new));

        assertThat(run.document()).isEqualTo(expected + "}");
    }

    @Test
    void the_value_of_steps_is_the_last_one() {
        Run run = world.run(value("x", gives(1)), value("y", takes(MILLI, gives(2))));

        assertThat(run.result.result()).isEqualTo(IntNode.valueOf(2));
    }

    @Test
    void nothing_runs_behind_a_failure_or_an_end() {
        TestSteps end = action("filter", takes(MILLI, frame -> {
            frame.end();
            return Sequence.NOTHING;
        }));

        Run ended = world.run(block(end, world.noting("a")), world.noting("b"));
        Run failed = world.run(value("x", takes(MILLI, fails(Failure.badData("bad")))), world.noting("c"));

        assertThat(ended.frame.ended()).isTrue();
        assertThat(failed.failure().message()).isEqualTo("bad");
        assertThat(world.events).isEmpty();
    }

    @Test
    void a_cancelled_item_takes_no_further_step() {
        Run run = world.start(
                action("deaf", frame -> {
                    io.vertx.core.Promise<JsonNode> done = io.vertx.core.Promise.promise();
                    frame.scope();
                    world.loop.after(Duration.ofSeconds(1), () -> done.complete(IntNode.valueOf(1)));
                    return done.future();
                }),
                world.noting("after"));

        run.frame.scope().cancel(Failure.of(Failure.Kind.CANCELLED, "enough"));
        world.world.run();

        assertThat(run.failure().message()).isEqualTo("enough");
        assertThat(world.events).isEmpty();
    }

    @Test
    void a_split_notes_the_step_behind_which_its_parts_begin() {
        TestSteps split = action("split", takes(MILLI, frame -> {
            frame.split(List.of(IntNode.valueOf(1), IntNode.valueOf(2)));
            return Sequence.NOTHING;
        }));

        Run run = world.run(set("b", 1), split.timeout(Duration.ofSeconds(1)), world.noting("after"));

        assertThat(run.frame.cut()).isEqualTo(1);
        assertThat(run.frame.splitInto()).hasSize(2);
        assertThat(world.events).isEmpty();
    }

    @Test
    void blocking_holds_for_the_steps_within_unless_they_say_otherwise() {
        world.run(
                block(value("x", gives(1)), value("y", gives(1)).blocking("disk"), block(value("z", gives(1))))
                        .blocking("cpu"),
                value("free", gives(1)));

        assertThat(world.pools).containsExactly("cpu", "disk", "cpu");
    }

    @Test
    void the_document_that_entered_is_never_changed() {
        ObjectNode entered = world.item.document();

        Run run = world.run(
                set("b", 2),
                action("rm", frame -> {
                    frame.remove("a");
                    return Sequence.NOTHING;
                }),
                block(set("c", 3)).timeout(MILLI).retry(2, MILLI).onError(set("d", 4)));

        assertThat(run.document()).isEqualTo("{'b':2,'c':3}");
        assertThat(entered).isEqualTo(TestJson.read("{'a':1}"));
    }

    @Test
    void what_was_emitted_or_stored_stays_as_it_was() {
        Run run = world.run(set("b", 2), emit("other"), set("c", 3), value("copy", WHOLE), value("again", WHOLE));

        assertThat(run.emitted()).isEqualTo("[other{'a':1,'b':2}]");
        assertThat(run.document())
                .isEqualTo("{'a':1,'b':2,'c':3,'copy':{'a':1,'b':2,'c':3},"
                        + "'again':{'a':1,'b':2,'c':3,'copy':{'a':1,'b':2,'c':3}}}");
    }

    @Test
    void a_branch_and_its_outer_document_do_not_see_later_changes() {
        ItemFrame frame = new ItemFrame(world, world.item);
        frame.put("b", IntNode.valueOf(2));

        ItemFrame branch = frame.fork(frame.document());
        ItemFrame inside = frame.forkInside(IntNode.valueOf(7));
        frame.put("c", IntNode.valueOf(3));
        branch.put("d", IntNode.valueOf(4));

        assertThat(branch.document()).isEqualTo(TestJson.read("{'a':1,'b':2,'d':4}"));
        assertThat(inside.document()).isEqualTo(TestJson.read("{'value':7}"));
        assertThat(inside.variable("outer")).isEqualTo(TestJson.read("{'a':1,'b':2}"));
        assertThat(frame.document()).isEqualTo(TestJson.read("{'a':1,'b':2,'c':3}"));
    }

    @Test
    void a_joined_branch_gives_its_emissions_in_order_and_closes_its_scope() {
        ItemFrame frame = new ItemFrame(world, world.item);
        frame.emit("first", frame.document());
        ItemFrame branch = frame.fork(frame.document());
        branch.emit("second", frame.document());
        branch.scope().onCancel(() -> {
            world.note("cancelled");
            return Future.succeededFuture();
        });

        frame.join(branch);
        frame.scope().cancel(Failure.of(Failure.Kind.CANCELLED, "enough"));

        assertThat(frame.emissions()).extracting(Emission::stage).containsExactly("first", "second");
        assertThat(world.events).isEmpty();
    }

    @Test
    void a_cancelled_item_emits_nothing_more() {
        ItemFrame frame = new ItemFrame(world, world.item);
        ItemFrame branch = frame.fork(frame.document());
        frame.scope().cancel(Failure.of(Failure.Kind.CANCELLED, "enough"));

        assertThat(frame.emitNow("other", frame.document()).failed()).isTrue();
        assertThat(branch.emitNow("other", frame.document()).failed()).isTrue();
        assertThat(world.events).isEmpty();
    }

    @Test
    void a_function_that_calls_itself_without_an_end_is_a_limit() {
        Step[] self = new Step[1];
        TestSteps call = value("call", frame -> self[0].run(frame.fork(frame.document())));
        self[0] = TestSteps.compiler("main").compile(TestSteps.list(call));

        Run run = world.start(self[0]);

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.LIMIT);
        assertThat(run.failure().message()).contains("nested more than 200 deep");
    }

    @Test
    void a_stack_that_overflows_is_a_limit() {
        Step[] self = new Step[1];
        self[0] = frame -> self[0].run(frame);

        Run run = world.run(value("x", self[0]));

        assertThat(run.failure().kind()).isEqualTo(Failure.Kind.LIMIT);
    }
}
