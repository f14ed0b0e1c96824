package io.millrace.connect.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Millrace;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets in whole runs. */
class TcpFlowTest {
    @TempDir
    private Path directory;

    private final Peers peers = new Peers();
    private Millrace millrace;

    @BeforeEach
    void open() {
        millrace = new Millrace(directory);
    }

    @AfterEach
    void close() {
        millrace.close();
        peers.close();
    }

    /** Answers each line with itself, in order, after up to 4 ms. */
    private int hesitant() {
        Random random = new Random(7);
        Map<NetSocket, Deque<String>> owed = new ConcurrentHashMap<>();
        return peers.lines((socket, line) -> {
            Deque<String> lines = owed.computeIfAbsent(socket, first -> new ArrayDeque<>());
            lines.add(line);
            peers.timer(1 + random.nextInt(4), () -> socket.write(lines.remove() + "\n"));
        });
    }

    @Test
    void items_that_are_given_up_never_take_nor_leave_a_reply_of_others() {
        int port = hesitant();

        Millrace.Outcome run = millrace.run("""
                {'source': {'range': 2000}, 'concurrency': 64,
                 'steps': [{'race': [
                     [{'tcp': {'host': '127.0.0.1', 'port': PORT, 'send': '${.value}', 'read': 'json', 'connections': 4},
                       'retry': {'attempts': 5, 'on': ['UNREACHABLE']}}],
                     [{'sleep': '${if .value % 3 == 0 then \\"3ms\\" else \\"20s\\" end}'}]], 'as': 'got'}]}
                """.replace("PORT", "" + port));

        List<JsonNode> lines = run.lines();
        assertThat(run.exitCode()).isZero();
        assertThat(lines).hasSize(2000);
        assertThat(lines)
                .allSatisfy(line -> assertThat(
                                line.path("got").isNull() || line.get("got").equals(line.get("value")))
                        .as(line.toString())
                        .isTrue());
        assertThat(lines.stream().filter(line -> line.get("got").isNull()))
                .as("some were given up, and none that had time")
                .isNotEmpty()
                .allMatch(line -> line.get("value").intValue() % 3 == 0);
        await().until(peers.open::isEmpty);
    }

    @Test
    void a_peer_that_never_answers_is_a_timeout_and_no_socket_is_left() {
        int port = peers.serve(socket -> socket.handler(asked -> {}));

        Millrace.Outcome run = millrace.run("{'source': {'range': 20}, 'steps': [{'tcp': {'host': '127.0.0.1', 'port': "
                + port + ", 'send': 'x'}, 'timeout': '200ms'}]}");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.deadLetters())
                .hasSize(20)
                .allSatisfy(letter ->
                        assertThat(letter.at("/error/kind").textValue()).isEqualTo("TIMEOUT"));
        await().until(peers.open::isEmpty);
    }

    @Test
    void retry_takes_up_what_a_broken_connection_has_lost() {
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = peers.lines((socket, line) -> {
            seen.add(line);
            if (seen.size() % 7 == 0) {
                Resets.reset(socket);
            } else {
                socket.write(line + "\n");
            }
        });

        Millrace.Outcome run = millrace.run("{'source': {'range': 100}, 'concurrency': 8, 'steps': [{'tcp': {'host':"
                + " '127.0.0.1', 'port': " + port
                + ", 'send': '${.value}', 'read': 'json', 'connections': 2}, 'as': 'got',"
                + " 'retry': {'attempts': 50, 'backoff': '1ms', 'maxBackoff': '20ms'}}]}");

        assertThat(run.deadLetters()).isEmpty();
        assertThat(run.lines())
                .hasSize(100)
                .allSatisfy(line -> assertThat(line.get("got")).isEqualTo(line.get("value")));
    }

    @Test
    void a_sink_writes_all_again_that_a_break_may_have_lost() {
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = peers.lines((socket, line) -> {
            seen.add(line);
            if (seen.size() == 100) {
                socket.close();
            }
        });

        Millrace.Outcome run = millrace.run("{'source': {'timer': {'every': '1ms', 'count': 300}}, 'sink': {'tcp':"
                + " {'host': '127.0.0.1', 'port': " + port
                + ", 'send': '${.tick}'}}, 'batch': {'items': 10, 'wait': '5ms'}}");

        assertThat(run.exitCode()).isZero();
        assertThat(peers.accepted.get()).isGreaterThan(1);
        await().until(() -> seen.size() > 200);
        await().until(peers.open::isEmpty);
    }

    @Test
    void a_sink_without_anybody_there_fails_the_run() {
        Millrace.Outcome run =
                millrace.run("{'source': {'range': 3}, 'sink': {'tcp': {'host': '127.0.0.1', 'port': 1}}}");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).contains("127.0.0.1:1 refused");
    }

    @Test
    void what_one_stage_streams_another_takes_in_with_its_peer() {
        Millrace.Outcome run = millrace.run("{'resources': {'in': {'tcp-server': {}}}, 'stages': {"
                + "'send': {'source': {'range': 5000}, 'sink': {'tcp': {'host': '127.0.0.1', 'port':"
                + " '${$resources.in.port}', 'prefix': 2}}}, 'take': {'source': {'tcp-server': {'server': 'in', 'prefix': 2,"
                + " 'read': 'json', 'count': 5000}}, 'steps': [{'map': {'n': '${.value}', 'peer': '${$meta.peer.host}'}}],"
                + " 'sink': 'stdout'}}}");

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(5000);
        assertThat(run.lines().get(4999).get("n").intValue()).isEqualTo(4999);
        assertThat(run.lines().get(0).get("peer").textValue()).isEqualTo("127.0.0.1");
    }

    @Test
    void a_port_in_use_is_one_error() {
        int taken = peers.echo();

        Millrace.Outcome run = millrace.run("{'source': {'tcp-server': " + taken + "}, 'sink': 'discard'}");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).contains("port " + taken, "in use");
    }
}
