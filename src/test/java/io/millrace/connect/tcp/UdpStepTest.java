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
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Datagrams and those that answer them. */
class UdpStepTest {
    private final Peers peers = new Peers();
    private final Vertx theirs = Vertx.vertx();

    @AfterEach
    void close() {
        peers.close();
        Await.get(theirs.close());
    }

    @Test
    void sends_a_datagram_and_returns_the_one_that_answers_it() {
        Step step =
                step(serve((socket, packet) -> socket.send(packet.data, packet.port, "127.0.0.1")), "send: 'hi ${.n}'");

        assertThat(peers.run(step, "{n: 1}").textValue()).isEqualTo("hi 1");
    }

    @Test
    void each_of_many_at_once_gets_its_own_reply() {
        List<Packet> held = new CopyOnWriteArrayList<>();
        int port = serve((socket, packet) -> {
            held.add(packet);
            if (held.size() == 20) {
                for (int i = 19; i >= 0; i--) {
                    socket.send(held.get(i).data, held.get(i).port, "127.0.0.1");
                }
            }
        });
        Step step = step(port, "send: '${.n}'");

        List<Future<JsonNode>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(peers.start(step, "{n: '" + i + "'}"));
        }

        for (int i = 0; i < 20; i++) {
            assertThat(Await.get(all.get(i)).textValue()).isEqualTo("" + i);
        }
    }

    @Test
    void takes_a_large_datagram_whole() {
        Step step =
                step(serve((socket, packet) -> socket.send(packet.data, packet.port, "127.0.0.1")), "send: '${.s}'");
        String text = "x".repeat(20_000);

        assertThat(peers.run(step, "{s: '" + text + "'}").textValue()).isEqualTo(text);
        assertThat(peers.failure(step, "{s: '" + "x".repeat(65_508) + "'}").message())
                .contains("do not fit");
    }

    @Test
    void without_a_reply_it_is_a_timeout_that_can_be_tried_again() {
        Step step = step(serve((socket, packet) -> {}), "send: 'x', replyTimeout: '100ms'");

        Failure failure = peers.failure(step, "{}");

        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).contains("no datagram back within 100ms");
    }

    @Test
    void a_datagram_from_somebody_else_is_no_reply() {
        DatagramSocket stranger = theirs.createDatagramSocket();
        int port = serve((socket, packet) -> stranger.send("forged", packet.port, "127.0.0.1")
                .onSuccess(sent -> socket.send("true", packet.port, "127.0.0.1")));

        assertThat(peers.run(step(port, "send: 'x'"), "{}").textValue()).isEqualTo("true");
    }

    @Test
    void only_sends_where_no_reply_is_wanted() {
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = serve((socket, packet) -> seen.add(packet.data.toString()));

        assertThat(peers.run(step(port, "send: {n: 1}, reply: false"), "{}").isNull())
                .isTrue();

        await().until(() -> !seen.isEmpty());
        assertThat(seen).containsExactly("{\"n\":1}");
    }

    @Test
    void a_cancelled_one_ends_at_once() {
        TestFrame frame = new TestFrame(peers.vertx, "{}");
        List<Packet> seen = new CopyOnWriteArrayList<>();
        Step step = step(serve((socket, packet) -> seen.add(packet)), "send: 'x'");

        Future<JsonNode> asked = peers.start(step, frame);
        await().until(() -> !seen.isEmpty());
        Await.get(frame.scope().cancel(Failure.of(Kind.CANCELLED, "enough")));

        assertThat(((Failure) Await.failure(asked)).kind()).isEqualTo(Kind.CANCELLED);
    }

    private record Packet(Buffer data, int port) {}

    private int serve(BiConsumer<DatagramSocket, Packet> handler) {
        DatagramSocket socket = theirs.createDatagramSocket(new DatagramSocketOptions().setReceiveBufferSize(65_535));
        socket.handler(packet ->
                handler.accept(socket, new Packet(packet.data(), packet.sender().port())));
        return Await.get(socket.listen(0, "127.0.0.1")).localAddress().port();
    }

    private Step step(int port, String settings) {
        return peers.build(new UdpStepType(), "{host: '127.0.0.1', port: " + port + ", " + settings + "}");
    }
}
