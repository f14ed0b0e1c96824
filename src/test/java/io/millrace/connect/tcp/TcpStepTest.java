package io.millrace.connect.tcp;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Step;
import io.millrace.testkit.Await;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and their replies. */
class TcpStepTest {
    private final Peers peers = new Peers();

    @AfterEach
    void close() {
        peers.close();
    }

    @Test
    void sends_a_line_and_returns_the_line_that_answers_it() {
        Step step = peers.step(peers.echo(), "send: 'hello ${.n}'");

        assertThat(peers.run(step, "{n: 1}").textValue()).isEqualTo("hello 1");
        assertThat(peers.run(step, "{n: 2}").textValue()).isEqualTo("hello 2");
        assertThat(peers.accepted).hasValue(1);
    }

    @Test
    void sends_an_object_as_json_and_reads_json() {
        Step step = peers.step(peers.echo(), "send: {n: '${.n}'}, read: 'json'");

        assertThatJson(peers.run(step, "{n: [1.5, null]}")).isEqualTo("{n: [1.5, null]}");
    }

    @Test
    void takes_the_carriage_return_off_a_line() {
        Step step = peers.step(peers.answering(Buffer.buffer("yes\r\n")), "send: 'x'");

        assertThat(peers.run(step, "{}").textValue()).isEqualTo("yes");
    }

    @Test
    void adds_a_delimiter_only_where_there_is_none() {
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = peers.serve(socket -> socket.handler(piece -> {
            seen.add(piece.toString());
            socket.write("ok;;");
        }));

        peers.run(peers.step(port, "send: 'a', delimiter: ';;'"), "{}");
        peers.run(peers.step(port, "send: 'b;;', delimiter: ';;'"), "{}");

        assertThat(seen).containsExactly("a;;", "b;;");
    }

    @Test
    void refuses_text_that_holds_the_delimiter_unless_it_is_raw() {
        String text = "{text: 'one\\ntwo'}";
        int port = peers.answering(Buffer.buffer("done\n"));

        Failure refused = peers.failure(peers.step(port, "send: '${.text}'"), text);

        assertThat(refused.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(refused.message()).contains("several frames", "raw");
        assertThat(peers.run(peers.step(port, "send: '${.text}\\n', raw: true"), text)
                        .textValue())
                .isEqualTo("done");
    }

    @Test
    void reads_replies_of_a_fixed_length() {
        Step step = peers.step(peers.answering(Buffer.buffer("abcd")), "send: 'x', length: 4");

        assertThat(peers.run(step, "{}").textValue()).isEqualTo("abcd");
        assertThat(peers.run(step, "{}").textValue()).isEqualTo("abcd");
    }

    @Test
    void frames_with_a_length_before_each_in_any_size_and_order() {
        int port = peers.serve(socket -> socket.handler(socket::write));

        for (String prefix : List.of(
                "1",
                "2",
                "4",
                "8",
                "{bytes: 2, order: 'little'}",
                "{bytes: 4, whole: true}",
                "{bytes: 4, whole: true, order: 'little'}")) {
            Step step = peers.step(port, "send: '${.text}', prefix: " + prefix);
            assertThat(peers.run(step, "{text: 'grüße'}").textValue())
                    .as(prefix)
                    .isEqualTo("grüße");
            assertThat(peers.run(step, "{text: ''}").textValue()).as(prefix).isEmpty();
        }
    }

    @Test
    void writes_the_length_as_it_is_said() {
        List<Buffer> seen = new CopyOnWriteArrayList<>();
        int port = peers.serve(socket -> socket.handler(piece -> {
            seen.add(piece);
            socket.write(piece);
        }));

        peers.run(peers.step(port, "send: 'abc', prefix: 2"), "{}");
        peers.run(peers.step(port, "send: 'abc', prefix: {bytes: 4, order: 'little', whole: true}"), "{}");

        assertThat(seen.get(0).getBytes()).containsExactly(0, 3, 'a', 'b', 'c');
        assertThat(seen.get(1).getBytes()).containsExactly(7, 0, 0, 0, 'a', 'b', 'c');
    }

    @Test
    void refuses_what_is_too_long_for_its_length_prefix() {
        Step step = peers.step(peers.echo(), "send: '${.text}', prefix: 1");

        Failure failure = peers.failure(step, "{text: '" + "x".repeat(256) + "'}");

        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(failure.message()).contains("256 bytes");
    }

    @Test
    void reads_until_the_peer_closes_on_a_connection_for_each_request() {
        int port = peers.serve(socket -> socket.handler(asked -> {
            socket.write("one\n");
            peers.timer(20, () -> {
                socket.write("two\n");
                socket.end();
            });
        }));
        Step step = peers.step(port, "send: 'x', close: true");

        assertThat(peers.run(step, "{}").textValue()).isEqualTo("one\ntwo\n");
        assertThat(peers.run(step, "{}").textValue()).isEqualTo("one\ntwo\n");
        assertThat(peers.accepted).hasValue(2);
    }

    @Test
    void sends_and_returns_bytes_in_base64() {
        int port = peers.serve(socket -> socket.handler(socket::write));
        Step step = peers.step(port, "base64: '${.b}', length: 4, read: 'bytes'");

        assertThat(peers.run(step, "{b: 'AAH/Cg=='}").textValue()).isEqualTo("AAH/Cg==");
        assertThat(peers.failure(step, "{b: '!'}").kind()).isEqualTo(Kind.BAD_DATA);
    }

    @Test
    void what_is_no_text_and_what_is_no_json_is_bad_data_and_the_connection_stays() {
        int port = peers.lines((socket, line) -> socket.write(
                line.equals("bad") ? Buffer.buffer(new byte[] {(byte) 0xFF, '\n'}) : Buffer.buffer("1\n")));
        Step text = peers.step(port, "send: '${.s}'");
        Step json = peers.step(port, "send: '${.s}', read: 'json'");

        assertThat(peers.failure(text, "{s: 'bad'}").message()).contains("no text in UTF-8", "read");
        assertThat(peers.run(text, "{s: 'good'}").textValue()).isEqualTo("1");
        assertThat(peers.failure(json, "{s: 'bad'}").kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(peers.run(json, "{s: 'good'}").intValue()).isEqualTo(1);
        assertThat(peers.accepted).hasValue(2);
    }

    @Test
    void reads_text_in_another_character_set() {
        Step step = peers.step(
                peers.serve(socket -> socket.handler(socket::write)), "send: 'größe', charset: 'iso-8859-1'");

        assertThat(peers.run(step, "{}").textValue()).isEqualTo("größe");
    }

    @Test
    void only_sends_where_no_reply_is_wanted() {
        List<String> seen = new CopyOnWriteArrayList<>();
        List<NetSocket> sockets = new CopyOnWriteArrayList<>();
        int port = peers.lines((socket, line) -> {
            seen.add(line);
            sockets.add(socket);
            socket.write("nobody reads this\n");
        });
        Step step = peers.step(port, "send: '${.n}', reply: false, connections: 1");

        List<Future<JsonNode>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(peers.start(step, "{n: '" + i + "'}"));
        }
        all.forEach(each -> assertThat(Await.get(each).isNull()).isTrue());
        Await.get(peers.assembly.close());

        org.awaitility.Awaitility.await().until(() -> seen.size() == 100);
        assertThat(seen).first().isEqualTo("0");
        assertThat(peers.accepted).hasValue(1);
    }

    @Test
    void drops_the_greeting_of_a_server_that_speaks_first() {
        int port = peers.serve(socket -> {
            socket.write("220 ready\n");
            socket.handler(asked -> socket.write("250 " + asked));
        });
        Step step = peers.step(port, "send: 'HELO', greeting: true, connections: 1");

        assertThat(peers.run(step, "{}").textValue()).isEqualTo("250 HELO");
        assertThat(peers.run(step, "{}").textValue()).isEqualTo("250 HELO");
        assertThat(peers.accepted).hasValue(1);
    }

    @Test
    void a_server_that_should_speak_first_and_does_not_is_a_timeout() {
        Step step = peers.step(peers.echo(), "send: 'HELO', greeting: true, connectTimeout: '100ms'");

        Failure failure = peers.failure(step, "{}");

        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure.message()).contains("did not speak first within 100ms");
    }

    @Test
    void host_and_port_may_differ_from_item_to_item() {
        Step step = peers.build(new TcpStepType(), "{host: '${.host}', port: '${.port}', send: 'x'}");
        int one = peers.answering(Buffer.buffer("one\n"));
        int two = peers.answering(Buffer.buffer("two\n"));

        assertThat(peers.run(step, "{host: '127.0.0.1', port: " + one + "}").textValue())
                .isEqualTo("one");
        assertThat(peers.run(step, "{host: 'localhost', port: " + two + "}").textValue())
                .isEqualTo("two");
        assertThat(peers.failure(step, "{host: '127.0.0.1', port: 70000}").kind())
                .isEqualTo(Kind.BAD_DATA);
    }

    @Test
    void a_null_is_not_sent() {
        Failure failure = peers.failure(peers.step(peers.echo(), "send: '${.no}'"), "{}");

        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(failure.message()).contains("nothing to send");
        assertThat(peers.accepted).hasValue(0);
    }
}
