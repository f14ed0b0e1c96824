package io.millrace.connect.tcp;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Caller;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.millrace.spi.Reply;
import io.millrace.spi.Source;
import io.millrace.testkit.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames from clients, and what they are answered. */
class TcpServerTest {
    private final Peers peers = new Peers();
    private final NetClient client = peers.vertx.createNetClient();
    private Source source;
    private int port;

    @AfterEach
    void close() {
        peers.close();
    }

    /** A client that keeps what it hears. */
    private static final class Client {
        final Buffer heard = Buffer.buffer();
        final Promise<Void> closed = Promise.promise();
        final NetSocket socket;

        Client(NetSocket socket) {
            this.socket = socket;
            socket.handler(heard::appendBuffer).closeHandler(gone -> closed.tryComplete());
            socket.exceptionHandler(thrown -> {});
        }

        Client say(String text) {
            Await.get(socket.write(text));
            return this;
        }

        void hears(String text) {
            await().untilAsserted(() -> assertThat(heard.toString()).isEqualTo(text));
        }
    }

    private void serve(String settings) {
        TcpServer server = (TcpServer) new TcpServerType()
                .build(peers.assembly.settings(new TcpServerType().spec(), "{maxConnections: 3}"), peers.assembly);
        port = Await.onLoop(peers.vertx, server::open).get("port").intValue();
        peers.assembly.with("srv", server);
        source = peers.assembly.source(new TcpServerSourceType(), "{server: 'srv', " + settings + "}");
        Await.onLoop(peers.vertx, source::open);
    }

    private Client connect() {
        return Await.get(client.connect(port, "127.0.0.1").map(Client::new));
    }

    /** As many records, however they come. */
    private List<Records.Entry> read(int count) {
        List<Records.Entry> all = new ArrayList<>();
        while (all.size() < count) {
            Records records = new Records(count - all.size());
            Await.onLoop(peers.vertx, () -> source.read(records));
            all.addAll(records.entries());
        }
        return all;
    }

    private static Caller caller(Records.Entry entry) {
        return Objects.requireNonNull(entry.caller());
    }

    private static boolean reply(Records.Entry entry, String text) {
        return caller(entry).reply(Reply.of(TextNode.valueOf(text)));
    }

    @Test
    void each_line_is_a_record_that_knows_its_peer() {
        serve("errors: 'ignore'");
        Client one = connect().say("a\r\nb\n");

        List<Records.Entry> records = read(2);

        assertThat(records).extracting(entry -> entry.value().textValue()).containsExactly("a", "b");
        assertThatJson(caller(records.get(0)).peer())
                .isEqualTo(
                        "{host: '127.0.0.1', port: " + one.socket.localAddress().port() + "}");
    }

    @Test
    void replies_leave_in_the_order_of_their_requests() {
        serve("errors: 'reply'");
        Client client = connect().say("1\n2\n3\n");
        List<Records.Entry> records = read(3);

        assertThat(reply(records.get(2), "three")).isTrue();
        assertThat(reply(records.get(1), "two")).isTrue();
        assertThat(client.heard.length()).isZero();
        assertThat(reply(records.get(0), "one")).isTrue();

        client.hears("one\ntwo\nthree\n");
        assertThat(reply(records.get(0), "late")).isFalse();
    }

    @Test
    void replies_are_framed_as_requests_are() {
        serve("prefix: 2, read: 'json'");
        Client client = connect().say("\u0000\u0003[1]");
        Records.Entry record = read(1).get(0);

        caller(record).reply(Reply.of(record.value()));

        client.hears("\u0000\u0003[1]");
    }

    @Test
    void what_is_settled_without_a_reply_is_passed_over() {
        serve("errors: 'reply'");
        Client client = connect().say("1\n2\n");
        List<Records.Entry> records = read(2);

        reply(records.get(1), "two");
        caller(records.get(0)).settled();

        client.hears("two\n");
    }

    @Test
    void a_failed_item_is_told_or_closes_or_is_passed_over() {
        Failure failure = Failure.badData("no good");

        serve("errors: 'reply'");
        Client told = connect().say("x\n");
        caller(read(1).get(0)).failed(failure);
        told.hears("{\"kind\":\"BAD_DATA\",\"message\":\"no good\"}\n");

        serve("errors: 'close'");
        Client closed = connect().say("x\n");
        caller(read(1).get(0)).failed(failure);
        Await.get(closed.closed.future());
        assertThat(closed.heard.length()).isZero();

        serve("errors: 'ignore'");
        Client ignored = connect().say("x\ny\n");
        List<Records.Entry> records = read(2);
        caller(records.get(0)).failed(failure);
        reply(records.get(1), "fine");
        ignored.hears("fine\n");
    }

    @Test
    void a_frame_that_is_not_answered_in_time_holds_up_later_ones_no_longer() {
        serve("replyTimeout: '100ms'");
        Client client = connect().say("1\n2\n");
        List<Records.Entry> records = read(2);

        assertThat(reply(records.get(1), "two")).isTrue();

        client.hears("{\"kind\":\"TIMEOUT\",\"message\":\"no reply within 100ms\"}\ntwo\n");
        assertThat(reply(records.get(0), "late")).isFalse();
    }

    @Test
    void a_client_that_has_closed_its_half_still_gets_its_replies_and_its_last_line_needs_no_end() {
        serve("errors: 'reply'");
        Client client = connect().say("first\nlast");

        Halves.shutdownOutput(client.socket);
        List<Records.Entry> records = read(2);
        reply(records.get(0), "1");
        reply(records.get(1), "2");

        assertThat(records.get(1).value().textValue()).isEqualTo("last");
        client.hears("1\n2\n");
        Await.get(client.closed.future());
    }

    @Test
    void until_the_client_closes_its_half_all_is_one_frame() {
        serve("close: true");
        Client client = connect().say("a\n").say("b\n");

        Halves.shutdownOutput(client.socket);
        Records.Entry record = read(1).get(0);
        reply(record, "got it");

        assertThat(record.value().textValue()).isEqualTo("a\nb\n");
        client.hears("got it");
    }

    @Test
    void the_last_line_of_a_client_that_has_gone_is_a_record_and_half_a_counted_frame_is_a_bad_one() {
        serve("errors: 'reply'");
        Client lines = connect().say("half a line");
        Await.get(lines.socket.close());
        Records.Entry line = read(1).get(0);

        serve("prefix: 2");
        Client counted = connect().say("\u0000\u0009half");
        Await.get(counted.socket.close());
        Records.Entry half = read(1).get(0);

        assertThat(line.value().textValue()).isEqualTo("half a line");
        assertThat(Objects.requireNonNull(half.failure()).message()).contains("6 bytes of a frame");
    }

    @Test
    void a_frame_that_is_too_long_is_one_bad_record_and_what_came_before_is_answered() {
        serve("maxFrame: 10");
        Client client = connect().say("short\n").say("x".repeat(100));
        Client other = connect().say("fine\n");

        List<Records.Entry> records = read(3);
        Records.Entry bad = records.stream()
                .filter(entry -> entry.failure() != null)
                .findFirst()
                .orElseThrow();
        records.stream().filter(entry -> entry != bad).forEach(entry -> reply(entry, "ok"));

        assertThat(Objects.requireNonNull(bad.failure()).kind()).isEqualTo(Kind.LIMIT);
        Await.get(client.closed.future());
        assertThat(client.heard.toString()).startsWith("ok\n{\"kind\":\"LIMIT\"");
        other.hears("ok\n");
    }

    @Test
    void what_is_no_json_is_a_bad_record_and_told_and_the_connection_stays() {
        serve("read: 'json'");
        Client client = connect().say("{\n1\n");

        List<Records.Entry> records = read(2);
        caller(records.get(1)).reply(Reply.of(records.get(1).value()));

        assertThat(Objects.requireNonNull(records.get(0).failure()).kind()).isEqualTo(Kind.BAD_DATA);
        await().until(() -> client.heard.toString().endsWith("\n1\n"));
        assertThat(client.heard.toString()).startsWith("{\"kind\":\"BAD_DATA\"");
    }

    @Test
    void a_reply_that_would_be_two_frames_is_told_as_a_failure() {
        serve("errors: 'reply'");
        Client client = connect().say("x\n");

        reply(read(1).get(0), "two\nlines");

        await().until(() -> client.heard.toString().endsWith("\n"));
        assertThat(client.heard.toString()).startsWith("{\"kind\":\"BAD_DATA\"").containsOnlyOnce("\n");
    }

    @Test
    void clients_are_not_read_while_nobody_takes_their_frames() {
        serve("errors: 'ignore'");
        Client client = connect();
        String line = "x".repeat(9_999) + "\n";

        List<Future<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            writes.add(client.socket.write(line));
        }
        await().until(() -> writes.get(100).isComplete());
        Records first = new Records(1);
        Await.onLoop(peers.vertx, () -> source.read(first));

        assertThat(writes.get(writes.size() - 1).isComplete())
                .as("100 MB are not taken in")
                .isFalse();
        caller(first.entries().get(0)).settled();
        long last = 1;
        while (last < 10_000) {
            for (Records.Entry entry : read(1)) {
                assertThat(entry.position()).isEqualTo(++last);
                caller(entry).settled();
            }
        }
        writes.forEach(Await::get);
    }

    @Test
    void more_connections_than_allowed_are_closed_as_they_come() {
        serve("errors: 'ignore'");
        List<Client> three =
                List.of(connect().say("1\n"), connect().say("2\n"), connect().say("3\n"));
        read(3);

        Await.get(connect().closed.future());

        assertThat(three).noneMatch(client -> client.closed.future().isComplete());
    }

    @Test
    void a_silent_connection_is_closed_but_not_while_a_reply_is_owed() {
        serve("idle: '100ms'");
        Client silent = connect();
        Client owed = connect().say("x\n");
        Records.Entry record = read(1).get(0);

        Await.get(silent.closed.future());

        reply(record, "at last");
        owed.hears("at last\n");
    }

    @Test
    void ends_after_so_many_frames() {
        serve("count: 2");
        connect().say("1\n2\n3\n");

        Records records = new Records(10);
        boolean more = Await.onLoop(peers.vertx, () -> source.read(records));

        assertThat(records.size()).isEqualTo(2);
        assertThat(more).isFalse();
        assertThat(source.endless()).isFalse();
        assertThat(source.expected()).isEqualTo(2);
    }

    @Test
    void when_it_is_closed_what_is_under_way_is_answered_first() {
        serve("errors: 'reply'");
        Client client = connect().say("x\n");
        Records.Entry record = read(1).get(0);

        Future<Boolean> reading = Await.onLoop(peers.vertx, () -> Future.succeededFuture(source.read(new Records(1))));
        Future<Void> closed = Await.onLoop(peers.vertx, () -> Future.succeededFuture(source.close()));
        assertThat(Await.get(reading)).isFalse();
        assertThat(closed.isComplete()).isFalse();
        reply(record, "goodbye");

        Await.get(closed);
        client.hears("goodbye\n");
        Await.get(client.closed.future());
    }
}
