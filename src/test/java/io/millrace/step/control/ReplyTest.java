package io.millrace.step.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Reply;
import io.millrace.spi.Step;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);
    private final TestFrame frame = new TestFrame(vertx, "{\"id\": 7, \"tags\": [\"a\", \"b\"]}");

    @AfterEach
    void close() {
        vertx.close();
    }

    private Reply reply(String settings) {
        ReplyStep type = new ReplyStep();
        Step step = type.build(assembly.settings(type.spec(), settings), assembly);
        assertThat(step.run(frame).succeeded()).isTrue();
        return frame.replies().get(0);
    }

    @Test
    void says_status_headers_and_body_of_this_item() {
        Reply reply = reply(
                "{status: '${200 + .id}', headers: {X-Tags: '${.tags}', x-id: '${.id}', x-no: null}, body: {id: '${.id}'}}");

        assertThat(reply.status()).isEqualTo(207);
        assertThat(reply.headers()).containsOnlyKeys("x-tags", "x-id");
        assertThat(reply.headers().get("x-tags")).isEqualTo(List.of("a", "b"));
        assertThat(reply.headers().get("x-id")).isEqualTo(List.of("7"));
        assertThat(reply.body()).hasToString("{\"id\":7}");
    }

    @Test
    void is_200_without_a_body_when_nothing_is_said() {
        Reply reply = reply("{}");

        assertThat(reply).isEqualTo(Reply.of(NullNode.getInstance()));
    }

    @Test
    void stores_nothing_and_leaves_the_document() {
        reply("'hi'");

        assertThat(frame.document()).hasToString("{\"id\":7,\"tags\":[\"a\",\"b\"]}");
    }

    @Test
    void refuses_headers_that_would_break_the_message() {
        assertThatThrownBy(() -> reply("{headers: {x: \"a\\nb\"}}")).hasMessageContaining("line break");
        assertThatThrownBy(() -> reply("{headers: {'x y': 'a'}}")).hasMessageContaining("not the name of a header");
        assertThat(frame.replies()).isEmpty();
    }
}
