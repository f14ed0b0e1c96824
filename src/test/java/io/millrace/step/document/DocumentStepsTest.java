package io.millrace.step.document;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Collecting;
import io.millrace.spi.Failure;
import io.millrace.spi.StepType;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class DocumentStepsTest {
    private static final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @Test
    void map_makes_the_document_from_a_template() {
        TestFrame frame = new TestFrame(vertx, "{a: 1, b: null}");

        run(new MapStep(), "{x: '${.a + 1}', y: 'n=${.a}', gone: '${empty}', z: {deep: '${.b}'}}", frame);

        assertThatJson(frame.document()).isEqualTo("{\"x\": 2, \"y\": \"n=1\", \"z\": {\"deep\": null}}");
    }

    @Test
    void map_takes_bare_jq_wrapped_or_not() {
        TestFrame bare = new TestFrame(vertx, "{a: 1, b: 2}");
        TestFrame wrapped = new TestFrame(vertx, "{a: 1, b: 2}");

        run(new MapStep(), "'del(.a)'", bare);
        run(new MapStep(), "'${del(.a)}'", wrapped);

        assertThatJson(bare.document()).isEqualTo("{\"b\": 2}");
        assertThatJson(wrapped.document()).isEqualTo("{\"b\": 2}");
    }

    @Test
    void map_returns_what_it_was_given_though_the_document_is_wrapped() {
        TestFrame frame = new TestFrame(vertx, "{city: 'Oslo'}");

        JsonNode value = run(new MapStep(), "'.city'", frame);

        assertThat(value.textValue()).isEqualTo("Oslo");
        assertThatJson(frame.document()).isEqualTo("{\"value\": \"Oslo\"}");
    }

    @Test
    void map_without_an_output_or_with_several_is_bad_data() {
        assertThatThrownBy(() -> run(new MapStep(), "'empty'", new TestFrame(vertx, "{}")))
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.BAD_DATA));
        assertThatThrownBy(() -> run(new MapStep(), "'1, 2'", new TestFrame(vertx, "{}")))
                .isInstanceOf(Failure.class);
    }

    @Test
    void set_adds_fields_made_from_the_document_before() {
        TestFrame frame = new TestFrame(vertx, "{a: 1, b: 2}");

        JsonNode value = run(new SetStep(), "{a: '${.b}', b: '${.a}', gone: '${empty}'}", frame);

        assertThatJson(frame.document()).isEqualTo("{\"a\": 2, \"b\": 1}");
        assertThat(value).isEqualTo(frame.document());
    }

    @Test
    void set_takes_an_object_from_jq_and_nothing_else() {
        TestFrame frame = new TestFrame(vertx, "{more: {c: 3}, n: 1}");

        run(new SetStep(), "'${.more}'", frame);

        assertThat(frame.document().get("c").intValue()).isEqualTo(3);
        assertThatThrownBy(() -> run(new SetStep(), "'${.n}'", frame)).hasMessage("`set` needs an object, not number");
        assertThat(assembly.problems(new SetStep().spec(), "[1]"))
                .singleElement()
                .asString()
                .contains("no object");
    }

    @Test
    void filter_ends_the_item_unless_the_condition_holds() {
        TestFrame passes = new TestFrame(vertx, "{n: 1}");
        TestFrame ends = new TestFrame(vertx, "{n: 0}");
        TestFrame none = new TestFrame(vertx, "{}");

        run(new FilterStep(), "'.n > 0'", passes);
        run(new FilterStep(), "'.n > 0'", ends);
        run(new FilterStep(), "'.list[]?'", none);

        assertThat(passes.ended()).isFalse();
        assertThat(ends.ended()).isTrue();
        assertThat(none.ended()).isTrue();
    }

    @Test
    void split_hands_over_each_output() {
        TestFrame frame = new TestFrame(vertx, "{list: [1, {a: 2}]}");

        run(new SplitStep(), "'.list[]'", frame);

        assertThat(frame.outputs()).extracting(JsonNode::toString).containsExactly("1", "{\"a\":2}");
        assertThat(new SplitStep().spec().stageLevelOnly()).isTrue();
    }

    @Test
    void collect_tells_the_engine_its_bounds() {
        Collecting collecting =
                (Collecting) assembly.step(new CollectStep(), "{by: '.k', items: 10, wait: '1s', bytes: '1KB'}");

        assertThat(collecting.items()).isEqualTo(10);
        assertThat(collecting.bytes()).isEqualTo(1024);
        assertThat(collecting.linger()).contains(Duration.ofSeconds(1));
        assertThat(collecting.every()).isEmpty();
        assertThat(collecting.key(new TestFrame(vertx, "{k: 'x'}")).textValue()).isEqualTo("x");
    }

    private JsonNode run(StepType type, String settings, TestFrame frame) {
        return Await.get(assembly.step(type, settings).run(frame));
    }
}
