package io.millrace.step.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class JsonStepTest {
    private static final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @Test
    void parses_and_keeps_all_digits() {
        assertThat(parse("{\"a\":[1,2.10,12345678901234567890123]}"))
                .hasToString("{\"a\":[1,2.10,12345678901234567890123]}");
        assertThat(parse(" null ").isNull()).isTrue();
    }

    @Test
    void says_where_and_near_what_a_text_is_not_json() {
        assertThatThrownBy(() -> parse("{\"a\": 1,\n \"b\": oops}"))
                .hasMessageStartingWith("not JSON at line 2, column ")
                .hasMessageContaining("near `")
                .hasMessageContaining("\"b\": oops")
                .hasMessageContaining("Unrecognized token");
    }

    @Test
    void refuses_an_empty_text_and_one_with_something_behind_the_value() {
        assertThatThrownBy(() -> parse("")).hasMessage("not JSON: the text is empty");
        assertThatThrownBy(() -> parse("{} x")).hasMessageStartingWith("not JSON at line 1, column");
    }

    @Test
    void refuses_what_is_no_text() {
        assertThatThrownBy(
                        () -> Await.get(assembly.step(new JsonStep(), "'${.n}'").run(new TestFrame(vertx, "{n: 1}"))))
                .hasMessageContaining("is not a string");
    }

    private JsonNode parse(String text) {
        TestFrame frame =
                new TestFrame(vertx, JsonNodeFactory.instance.objectNode().put("t", text));
        return Await.get(assembly.step(new JsonStep(), "'${.t}'").run(frame));
    }
}
