package io.millrace.connect.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Step;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are kept and shared, and what goes wrong with them. */
class TcpStepPoolTest {
    private final Peers peers = new Peers();

    @AfterEach
    void close() {
        peers.close();
    }

    @Test
    void ten_thousand_requests_over_four_connections_each_get_their_own_reply() {
        Step step = peers.step(peers.echo(), "send: 'item ${.n}', connections: 4, pipeline: 64");

        List<Future<JsonNode>> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            all.add(peers.start(step, "{n: " + i + "}"));
        }

        for (int i = 0; i < all.size(); i++) {
            assertThat(Await.get(all.get(i)).textValue()).isEqualTo("item " + i);
        }
        assertThat(peers.accepted).hasValue(4);
    }

    @Test
    void a_pipeline_of_one_waits_for_each_reply() {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int port = peers.lines((socket, line) -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            peers.timer(1, () -> {
                underWay.decrementAndGet();
                socket.write(line + "\n");
            });
        });
        Step step = peers.step(port, "send: '${.n}', connections: 2, pipeline: 1");

        List<Future<JsonNode>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(peers.start(step, "{n: '" + i + "'}"));
        }
        all.forEach(Await::get);

        assertThat(most.get()).isEqualTo(2);
        assertThat(peers.accepted).hasValue(2);
    }

    @Test
    void a_refused_connection_is_unreachable_and_names_host_and_port() {
        Step step = peers.step(1, "send: 'x'");

        Failure failure = peers.failure(step, "{}");

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).contains("127.0.0.1:1 refused");
    }

    @Test
    void an_unknown_host_is_named() {
        Step step = peers.build(new TcpStepType(), "{host: 'no-such-host.invalid', port: 1, send: 'x'}");

        assertThat(peers.failure(step, "{}").message()).contains("no-such-host.invalid");
    }

    @Test
    void a_cancelled_request_gives_its_reply_to_nobody_else() {
        List<Runnable> held = new CopyOnWriteArrayList<>();
        int port = peers.lines((socket, line) -> held.add(() -> socket.write("re " + line + "\n")));
        Step step = peers.step(port, "send: '${.n}', connections: 1");
        TestFrame frame = new TestFrame(peers.vertx, "{n: 'a'}");

        Future<JsonNode> first = peers.start(step, frame);
        Future<JsonNode> second = peers.start(step, "{n: 'b'}");
        await().until(() -> held.size() == 2);
        Await.get(frame.scope().cancel(Failure.of(Kind.CANCELLED, "enough")));
        Future<JsonNode> third = peers.start(step, "{n: 'c'}");
        held.forEach(Runnable::run);
        assertThat(Await.get(second).textValue()).isEqualTo("re b");
        await().until(() -> held.size() == 3);
        held.get(2).run();

        assertThat(((Failure) Await.failure(first)).kind()).isEqualTo(Kind.CANCELLED);
        assertThat(Await.get(third).textValue()).isEqualTo("re c");
        assertThat(peers.accepted).hasValue(1);
    }

    @Test
    void a_connection_on_which_nobody_waits_any_more_is_closed_and_not_used_again() {
        int port = peers.lines((socket, line) -> {
            if (line.equals("answer")) {
                socket.write("yes\n");
            }
        });
        Step step = peers.step(port, "send: '${.s}', connections: 1");
        TestFrame frame = new TestFrame(peers.vertx, "{s: 'hang'}");

        Future<JsonNode> hanging = peers.start(step, frame);
        await().until(() -> peers.open.size() == 1);
        Await.get(frame.scope().cancel(Failure.of(Kind.CANCELLED, "enough")));

        assertThat(((Failure) Await.failure(hanging)).kind()).isEqualTo(Kind.CANCELLED);
        await().until(peers.open::isEmpty);
        assertThat(peers.run(step, "{s: 'answer'}").textValue()).isEqualTo("yes");
        assertThat(peers.accepted).hasValue(2);
    }

    @Test
    void a_request_that_is_cancelled_while_it_waits_is_never_sent() {
        List<String> seen = new CopyOnWriteArrayList<>();
        List<NetSocket> sockets = new CopyOnWriteArrayList<>();
        int port = peers.lines((socket, line) -> {
            seen.add(line);
            sockets.add(socket);
        });
        Step step = peers.step(port, "send: '${.s}', connections: 1, pipeline: 1");
        TestFrame frame = new TestFrame(peers.vertx, "{s: 'waits'}");

        Future<JsonNode> first = peers.start(step, "{s: 'first'}");
        await().until(() -> seen.size() == 1);
        Future<JsonNode> waiting = peers.start(step, frame);
        Await.get(frame.scope().cancel(Failure.of(Kind.CANCELLED, "enough")));
        Future<JsonNode> last = peers.start(step, "{s: 'last'}");
        sockets.get(0).write("1\n");
        Await.get(first);
        await().until(() -> seen.size() == 2);
        sockets.get(0).write("2\n");

        assertThat(Await.get(last).textValue()).isEqualTo("2");
        assertThat(((Failure) Await.failure(waiting)).kind()).isEqualTo(Kind.CANCELLED);
        assertThat(seen).containsExactly("first", "last");
    }

    @Test
    void a_peer_that_never_answers_is_a_timeout_of_the_first_and_others_can_try_again() {
        int port = peers.serve(socket -> socket.handler(asked -> {}));
        Step step = peers.step(port, "send: 'x', connections: 1, replyTimeout: '200ms'");

        Future<JsonNode> first = peers.start(step, "{}");
        Future<JsonNode> second = peers.start(step, "{}");

        Failure late = (Failure) Await.failure(first);
        Failure behind = (Failure) Await.failure(second);
        assertThat(late.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(late.message()).contains("127.0.0.1:" + port, "no reply within 200ms");
        assertThat(behind.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(behind.retryable()).isTrue();
        await().until(peers.open::isEmpty);
    }

    @Test
    void half_a_reply_is_unreachable_and_says_how_much_there_was() {
        int port = peers.serve(socket -> socket.handler(asked -> {
            socket.write("half");
            socket.end();
        }));

        for (String framing : List.of("delimiter: '\\n'", "length: 10", "prefix: 1")) {
            Failure failure = peers.failure(peers.step(port, "send: 'x', " + framing), "{}");
            assertThat(failure.kind()).as(framing).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure.message()).as(framing).contains("after 4 bytes of a reply");
        }
    }

    @Test
    void a_peer_that_closes_without_a_word_is_unreachable_in_every_framing() {
        int port = peers.serve(socket -> socket.handler(asked -> socket.end()));

        for (String framing : List.of("delimiter: '\\n'", "length: 10", "prefix: 1", "close: true")) {
            Failure failure = peers.failure(peers.step(port, "send: 'x', " + framing), "{}");
            assertThat(failure.kind()).as(framing).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure.message()).as(framing).contains("before it replied");
        }
    }

    @Test
    void a_peer_that_resets_is_unreachable_even_where_its_close_would_end_the_reply() {
        int port = peers.serve(socket -> {
            socket.handler(asked -> {
                socket.write("some");
                peers.timer(20, () -> Resets.reset(socket));
            });
        });

        Failure failure = peers.failure(peers.step(port, "send: 'x', close: true"), "{}");

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.message()).contains("broke the connection", "4 bytes");
    }

    @Test
    void a_peer_that_sends_for_ever_is_a_limit() {
        int port = peers.serve(socket -> socket.handler(asked -> {
            for (int i = 0; i < 100; i++) {
                socket.write("x".repeat(1000));
            }
        }));

        for (String framing : List.of("delimiter: '\\n'", "prefix: 4", "close: true")) {
            Failure failure = peers.failure(peers.step(port, "send: 'x', maxFrame: '10KB', " + framing), "{}");
            assertThat(failure.kind()).as(framing).isEqualTo(Kind.LIMIT);
            assertThat(failure.message()).as(framing).contains("10KB", "maxFrame");
        }
        await().until(peers.open::isEmpty);
    }

    @Test
    void a_frame_that_is_too_long_is_a_limit_though_it_comes_in_one_piece() {
        int port = peers.answering(Buffer.buffer("12345\n"));

        assertThat(peers.failure(peers.step(port, "send: 'x', maxFrame: 4"), "{}")
                        .kind())
                .isEqualTo(Kind.LIMIT);
        assertThat(peers.run(peers.step(port, "send: 'x', maxFrame: 5"), "{}").textValue())
                .isEqualTo("12345");
    }

    @Test
    void what_comes_without_having_been_asked_for_is_no_reply_to_the_next_request() {
        int port = peers.lines((socket, line) -> socket.write(line + "\nby the way\n"));
        Step step = peers.step(port, "send: '${.n}', connections: 1");

        assertThat(peers.run(step, "{n: 'a'}").textValue()).isEqualTo("a");
        assertThat(peers.run(step, "{n: 'b'}").textValue()).isEqualTo("b");
        assertThat(peers.accepted).hasValue(2);
    }

    @Test
    void half_a_line_that_was_not_asked_for_is_no_part_of_the_next_reply() {
        int port = peers.lines((socket, line) -> socket.write(line + "\nhalf a"));
        Step step = peers.step(port, "send: '${.n}', connections: 1");

        assertThat(peers.run(step, "{n: 'a'}").textValue()).isEqualTo("a");
        assertThat(peers.run(step, "{n: 'b'}").textValue()).isEqualTo("b");
    }

    @Test
    void a_lost_connection_fails_all_requests_on_it_and_none_is_sent_twice() {
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = peers.lines((socket, line) -> {
            seen.add(line);
            if (seen.size() == 3) {
                socket.close();
            }
        });
        Step step = peers.step(port, "send: '${.n}', connections: 1");

        List<Future<JsonNode>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(peers.start(step, "{n: '" + i + "'}"));
        }

        assertThat(all)
                .allSatisfy(each ->
                        assertThat(((Failure) Await.failure(each)).kind()).isEqualTo(Kind.UNREACHABLE));
        assertThat(seen).containsExactly("0", "1", "2");
    }

    @Test
    void an_idle_connection_that_the_peer_has_closed_is_not_used_again() {
        List<NetSocket> sockets = new CopyOnWriteArrayList<>();
        int port = peers.lines((socket, line) -> {
            sockets.add(socket);
            socket.write(line + "\n");
        });
        Step step = peers.step(port, "send: '${.n}'");

        assertThat(peers.run(step, "{n: 'a'}").textValue()).isEqualTo("a");
        Await.get(sockets.get(0).close());
        await().until(peers.open::isEmpty);
        assertThat(peers.run(step, "{n: 'b'}").textValue()).isEqualTo("b");
    }

    @Test
    void all_connections_are_closed_with_the_stage() {
        Step step = peers.step(peers.echo(), "send: 'x', connections: 4");
        List<Future<JsonNode>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(peers.start(step, "{}"));
        }
        all.forEach(Await::get);
        assertThat(peers.open).isNotEmpty();

        Await.get(peers.assembly.close());

        await().until(peers.open::isEmpty);
        assertThat(peers.failure(step, "{}").kind()).isEqualTo(Kind.CANCELLED);
    }
}
