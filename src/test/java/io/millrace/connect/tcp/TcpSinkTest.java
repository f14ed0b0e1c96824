package io.millrace.connect.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Sink;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestBatch;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames into a connection. */
class TcpSinkTest {
    private final Peers peers = new Peers();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        peers.close();
    }

    private Sink sink(int port, String settings) {
        Sink sink = peers.assembly.sink(new TcpSinkType(), "{host: '127.0.0.1', port: " + port + ", " + settings + "}");
        Await.onLoop(peers.vertx, sink::open);
        return sink;
    }

    private static Future<Void> write(Sink sink, TestBatch batch) {
        return sink.write(batch);
    }

    @Test
    void writes_each_item_as_a_line_of_json_and_closes_when_all_is_read() {
        Sink sink = sink(peers.lines((socket, line) -> seen.add(line)), "attempts: 1");

        Await.get(write(sink, TestBatch.of("{a: 1}", "{a: 'x\\ny'}")));
        Await.get(sink.close(true));

        await().until(() -> seen.size() == 2);
        assertThat(seen).containsExactly("{\"a\":1}", "{\"a\":\"x\\ny\"}");
        await().until(peers.open::isEmpty);
    }

    @Test
    void writes_what_the_template_says_and_rejects_what_makes_two_frames_or_none() {
        Sink sink = sink(peers.lines((socket, line) -> seen.add(line)), "send: '${.a}'");
        TestBatch batch = TestBatch.of("{a: 'one'}", "{a: 'two\\nlines'}", "{}", "{a: 'four'}");

        Await.get(write(sink, batch));
        Await.get(sink.close(true));

        await().until(() -> seen.size() == 2);
        assertThat(seen).containsExactly("one", "four");
        assertThat(batch.rejected()).containsOnlyKeys(1, 2);
        assertThat(batch.rejected().get(1).message()).contains("several frames");
    }

    @Test
    void puts_a_length_before_each() {
        Buffer all = Buffer.buffer();
        int port = peers.serve(socket -> socket.handler(all::appendBuffer));
        Sink sink = sink(port, "send: '${.a}', prefix: 1");

        Await.get(write(sink, TestBatch.of("{a: 'ab'}", "{a: ''}")));
        Await.get(sink.close(true));

        await().until(() -> all.length() == 4);
        assertThat(all.getBytes()).containsExactly(2, 'a', 'b', 0);
    }

    @Test
    void fails_to_open_where_nobody_listens() {
        Sink sink = peers.assembly.sink(new TcpSinkType(), "{host: '127.0.0.1', port: 1}");

        Failure failure = (Failure) Await.failure(sink.open());

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.message()).contains("127.0.0.1:1 refused");
    }

    @Test
    void a_reader_that_stops_holds_up_the_writes_and_nothing_is_lost_when_it_goes_on() {
        List<NetSocket> sockets = new CopyOnWriteArrayList<>();
        AtomicLong received = new AtomicLong();
        int port = peers.serve(socket -> {
            socket.pause();
            socket.handler(piece -> received.addAndGet(piece.length()));
            sockets.add(socket);
        });
        Sink sink = sink(port, "send: '${.a}'");
        String item = "{a: '" + "x".repeat(999_999) + "'}";

        int written = 0;
        Future<Void> held = write(sink, TestBatch.of(item));
        while (written < 100 && completesSoon(held)) {
            written++;
            held = write(sink, TestBatch.of(item));
        }

        assertThat(held.isComplete()).as("a write waits for the reader").isFalse();
        assertThat(written).isLessThan(50);
        await().until(() -> !sockets.isEmpty());
        sockets.get(0).resume();
        Await.get(held);
        Await.get(sink.close(true));
        long all = (written + 1) * 1_000_000L;
        await().until(() -> received.get() == all);
    }

    /** Whether the socket's buffers take it. */
    private static boolean completesSoon(Future<Void> write) {
        try {
            write.toCompletionStage().toCompletableFuture().get(1, java.util.concurrent.TimeUnit.SECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException full) {
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void connects_again_after_a_break_and_what_was_under_way_can_be_written_again() {
        List<NetSocket> sockets = new CopyOnWriteArrayList<>();
        int port = peers.lines((socket, line) -> {
            seen.add(line);
            sockets.add(socket);
        });
        Sink sink = sink(port, "send: '${.a}'");
        Await.get(write(sink, TestBatch.of("{a: 'one'}")));
        await().until(() -> !sockets.isEmpty());

        Await.get(sockets.get(0).close());
        await().until(() -> {
            write(sink, TestBatch.of("{a: 'again'}"));
            return seen.contains("again");
        });

        assertThat(peers.accepted).hasValue(2);
    }

    @Test
    void gives_up_after_so_many_attempts_in_a_row() {
        List<NetSocket> sockets = new CopyOnWriteArrayList<>();
        NetServer server = Await.get(
                peers.vertx.createNetServer().connectHandler(sockets::add).listen(0, "127.0.0.1"));
        Sink patient = sink(server.actualPort(), "send: 'x', attempts: 2");
        await().until(() -> sockets.size() == 1);
        List<Failure> failures = new ArrayList<>();

        Await.get(server.close());
        await().until(() -> {
            Future<Void> write = write(patient, TestBatch.of("{}"));
            await().until(write::isComplete);
            if (write.failed()) {
                failures.add((Failure) write.cause());
            }
            return failures.size() >= 2 && !failures.get(failures.size() - 1).retryable();
        });

        assertThat(failures.get(failures.size() - 1).message()).contains("refused", "2 times");
    }

    @Test
    void what_the_peer_says_is_read_and_dropped_so_that_nothing_is_lost_at_the_end() {
        AtomicLong received = new AtomicLong();
        int port = peers.serve(socket -> socket.handler(piece -> {
            received.addAndGet(piece.length());
            socket.write(piece);
        }));
        Sink sink = sink(port, "send: '" + "y".repeat(9_999) + "'");

        for (int i = 0; i < 100; i++) {
            Await.get(write(sink, TestBatch.of("{}")));
        }
        Await.get(sink.close(true));

        await().until(() -> received.get() == 1_000_000);
    }
}
