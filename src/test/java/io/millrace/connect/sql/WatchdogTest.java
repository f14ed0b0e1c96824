package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.testkit.Await;
import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A line that is cut without a word: a relay stands between client and server, and falls silent. */
class WatchdogTest extends SqlTestBase {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final List<NetSocket> relayed = new CopyOnWriteArrayList<>();
    private NetServer relay;
    private Lanes lanes;
    private Watchdog watchdog;

    @BeforeEach
    void relay() {
        relay = Await.get(vertx.createNetServer().connectHandler(this::relay).listen(0, "127.0.0.1"));
        PgConnectOptions through = database.options().setHost("127.0.0.1").setPort(relay.actualPort());
        Dialer dialer = new Dialer(vertx, () -> Future.succeededFuture(through), Duration.ofSeconds(10), Duration.ZERO);
        lanes = new Lanes(vertx, dialer, 2);
        watchdog = new Watchdog(vertx, dialer, lanes, PATIENCE);
    }

    @AfterEach
    void close() {
        watchdog.stop();
        Await.get(lanes.close());
        Await.get(relay.close());
    }

    private void relay(NetSocket client) {
        client.pause();
        PgConnectOptions to = database.options();
        SocketAddress server = to.isUsingDomainSocket()
                ? SocketAddress.domainSocketAddress(to.getHost() + "/.s.PGSQL." + to.getPort())
                : SocketAddress.inetSocketAddress(to.getPort(), to.getHost());
        vertx.createNetClient().connect(server).onSuccess(socket -> {
            relayed.add(client);
            relayed.add(socket);
            client.handler(socket::write).closeHandler(nothing -> socket.close());
            socket.handler(client::write).closeHandler(nothing -> client.close());
            client.resume();
        });
    }

    /** What was connected stays so, and says nothing any more. */
    private void cut() {
        relayed.forEach(socket -> socket.handler(buffer -> {}).closeHandler(nothing -> {}));
    }

    private Future<RowSet<Row>> query(String sql) {
        return lanes.shared(connection -> connection.query(sql).execute()).future();
    }

    @Test
    void a_query_on_a_line_that_was_cut_fails_and_the_next_has_a_new_line() {
        Await.get(query("SELECT 1"));
        cut();

        Failure failure = (Failure) Await.failure(query("SELECT 2"));

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("fell silent");
        assertThat(Await.get(query("SELECT 3"))).hasSize(1);
    }

    @Test
    void a_query_that_is_merely_slow_is_left_alone() {
        assertThat(Await.get(query("SELECT pg_sleep(1.5)"))).hasSize(1);
    }

    @Test
    void closing_over_a_line_that_was_cut_is_bounded() {
        Await.get(query("SELECT 1"));
        cut();
        watchdog.stop();
        query("SELECT 2");
        long start = System.nanoTime();

        Await.get(lanes.close());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }
}
