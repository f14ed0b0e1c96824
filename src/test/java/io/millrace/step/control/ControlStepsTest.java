package io.millrace.step.control;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.StepType;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ControlStepsTest {
    private static final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx)
            .with(new DoStep(), new SwitchStep(), new CallStep(), new EmitStep(), new RaiseStep());

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @Test
    void do_runs_its_steps_on_the_same_frame() {
        TestFrame frame = new TestFrame(vertx, "{a: 1}");

        run(new DoStep(), "[{emit: 'x'}, {emit: {to: 'y', item: {b: '${.a}'}}}]", frame);

        assertThat(frame.emitted()).extracting(TestFrame.Emitted::stage).containsExactly("x", "y");
    }

    @Test
    void switch_runs_the_first_case_that_matches() {
        String cases =
                "[{when: '.n == 0', do: [{emit: 'none'}]}, {when: '.n < 3', do: [{emit: 'few'}]}, {do: [{emit: 'many'}]}]";

        assertThat(emittedBy(cases, "{n: 0}")).isEqualTo("none");
        assertThat(emittedBy(cases, "{n: 1}")).isEqualTo("few");
        assertThat(emittedBy(cases, "{n: 9}")).isEqualTo("many");
    }

    @Test
    void switch_without_a_match_does_nothing() {
        TestFrame frame = new TestFrame(vertx, "{n: 5}");

        JsonNode value = run(new SwitchStep(), "[{when: '.n == 0', do: [{emit: 'none'}]}]", frame);

        assertThat(value.isNull()).isTrue();
        assertThat(frame.emitted()).isEmpty();
    }

    @Test
    void only_the_last_case_may_be_the_else() {
        assertThat(assembly.problems(new SwitchStep().spec(), "[{do: []}, {when: '.a', do: []}]"))
                .containsExactly(
                        "/0: This case has no \"when\": the cases behind it never run. Add \"when\", or move it to the end.");
    }

    @Test
    void call_runs_a_function_on_a_document_of_its_own() {
        assembly.function("double", "[{emit: 'seen'}, {emit: {to: 'again', item: '${.n * 2}'}}]");
        TestFrame frame = new TestFrame(vertx, "{value: 21}");

        run(new CallStep(), "{function: 'double', with: {n: '${.value}'}}", frame);

        assertThatJson(frame.document()).isEqualTo("{\"value\": 21}");
        assertThat(frame.emitted())
                .extracting(e -> e.document().toString())
                .containsExactly("{\"n\":21}", "{\"value\":42}");
    }

    @Test
    void a_call_that_fails_has_emitted_nothing() {
        assembly.function("bad", "[{emit: 'seen'}, {raise: 'no'}]");
        TestFrame frame = new TestFrame(vertx, "{}");

        Throwable failure = Await.failure(assembly.step(new CallStep(), "'bad'").run(frame));

        assertThat(failure).hasMessage("no");
        assertThat(frame.emitted()).isEmpty();
    }

    @Test
    void emit_sends_the_document() {
        TestFrame frame = new TestFrame(vertx, "{a: 1}");

        run(new EmitStep(), "'next'", frame);

        assertThat(frame.emitted()).singleElement().satisfies(sent -> {
            assertThat(sent.stage()).isEqualTo("next");
            assertThatJson(sent.document()).isEqualTo("{\"a\": 1}");
            assertThat(sent.now()).isFalse();
        });
    }

    @Test
    void emit_makes_an_item_of_each_element_which_sees_the_document_as_outer() {
        TestFrame frame = new TestFrame(vertx, "{n: 2, name: 'x'}");

        run(new EmitStep(), "{to: 's', each: 'range(.n)', item: {i: '${.}', of: '${$outer.name}'}}", frame);

        assertThat(frame.emitted())
                .extracting(e -> e.document().toString())
                .containsExactly("{\"i\":0,\"of\":\"x\"}", "{\"i\":1,\"of\":\"x\"}");
    }

    @Test
    void emit_wraps_what_is_no_object_and_may_send_at_once() {
        TestFrame frame = new TestFrame(vertx, "{list: ['a', {b: 1}]}");

        run(new EmitStep(), "{to: 's', each: '.list[]', now: true}", frame);

        assertThat(frame.emitted())
                .extracting(e -> e.document().toString())
                .containsExactly("{\"value\":\"a\"}", "{\"b\":1}");
        assertThat(frame.emitted()).allMatch(TestFrame.Emitted::now);
    }

    @Test
    void sleep_takes_its_time_and_can_be_cancelled() {
        TestFrame frame = new TestFrame(vertx, "{wait: '20ms'}");
        long started = System.nanoTime();

        run(new SleepStep(), "'${.wait}'", frame);
        Future<JsonNode> endless = assembly.step(new SleepStep(), "'1h'").run(frame);
        Await.get(frame.scope().cancel(Failure.of(Failure.Kind.CANCELLED, "stop")));

        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(20_000_000);
        assertThat(Await.failure(endless)).isInstanceOf(Failure.class);
    }

    @Test
    void sleep_refuses_what_is_no_duration() {
        assertThat(assembly.problems(new SleepStep().spec(), "'soon'"))
                .singleElement()
                .asString()
                .contains("not a duration");
        assertThat(failure(new SleepStep(), "'${.w}'", "{w: 'soon'}").kind()).isEqualTo(Failure.Kind.BAD_DATA);
    }

    @Test
    void raise_fails_with_kind_message_and_code() {
        Failure plain = failure(new RaiseStep(), "'order ${.id} is wrong'", "{id: 7}");
        Failure full = failure(new RaiseStep(), "{message: 'x', kind: 'UNREACHABLE', code: '${.c}'}", "{c: 'E7'}");

        assertThat(plain).hasMessage("order 7 is wrong");
        assertThat(plain.kind()).isEqualTo(Failure.Kind.BAD_DATA);
        assertThat(full.kind()).isEqualTo(Failure.Kind.UNREACHABLE);
        assertThat(full.code()).isEqualTo("E7");
        assertThat(full.retryable()).isTrue();
        assertThat(assembly.problems(new RaiseStep().spec(), "{message: 'x', kind: 'BADDATA'}"))
                .singleElement()
                .asString()
                .contains("kind of failure");
    }

    @Test
    void log_writes_a_line_at_its_level() {
        Logger logger = (Logger) LoggerFactory.getLogger("millrace.flow");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);

        run(new LogStep(), "'hello ${.name}'", new TestFrame(vertx, "{name: 'Ada'}"));
        run(new LogStep(), "{message: '${.}', level: 'warn'}", new TestFrame(vertx, "{a: 1}"));
        logger.detachAppender(lines);
        logger.setLevel(null);

        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("hello Ada", "{\"a\":1}");
        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO, Level.WARN);
    }

    private String emittedBy(String cases, String document) {
        TestFrame frame = new TestFrame(vertx, document);
        run(new SwitchStep(), cases, frame);
        assertThat(frame.emitted()).hasSize(1);
        return frame.emitted().get(0).stage();
    }

    private Failure failure(StepType type, String settings, String document) {
        try {
            JsonNode value = run(type, settings, new TestFrame(vertx, document));
            throw new AssertionError("succeeded with " + value);
        } catch (Failure failure) {
            return failure;
        }
    }

    private JsonNode run(StepType type, String settings, TestFrame frame) {
        return Await.get(assembly.step(type, settings).run(frame));
    }
}
