package io.millrace.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Failure;
import io.millrace.testkit.Await;
import io.millrace.testkit.Embedded;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How lines are opened to a server that is on its way up, or was away when it was asked. */
class DialTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    static Path stateDir;

    private static Vertx vertx;
    private static Embedded server;

    private final AtomicInteger asked = new AtomicInteger();
    private Consumer<NetSocket> first = socket -> {};
    private int times;
    private NetServer door;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = new Embedded(stateDir);
    }

    @AfterAll
    static void stop() {
        Await.get(vertx.close());
        server.close();
    }

    @BeforeEach
    void open() {
        door = Await.get(vertx.createNetServer().connectHandler(this::meet).listen(0, "127.0.0.1"));
    }

    @AfterEach
    void close() {
        Await.get(door.close());
    }

    private void meet(NetSocket client) {
        if (asked.incrementAndGet() <= times) {
            first.accept(client);
            return;
        }
        DatabaseAddress at = Await.get(server.embedded());
        client.pause();
        vertx.createNetClient()
                .connect(SocketAddress.domainSocketAddress(at.host() + "/.s.PGSQL." + at.port()))
                .onSuccess(postgres -> {
                    client.handler(postgres::write).closeHandler(gone -> postgres.close());
                    postgres.handler(client::write).closeHandler(gone -> client.close());
                    client.resume();
                });
    }

    private Future<Line> dial(int meets, Consumer<NetSocket> how) {
        times = meets;
        first = how;
        DatabaseAddress at = Await.get(server.embedded());
        PgConnectOptions options =
                PostgresBench.options(at).setHost("127.0.0.1").setPort(door.actualPort());
        return new Dial(vertx, () -> Future.succeededFuture(options), LONG).dial();
    }

    /** Refuses the one who connects, in the words of the server. */
    private static Consumer<NetSocket> saying(String code) {
        return client -> client.handler(startup -> {
            String fields = "SFATAL\0VFATAL\0C" + code + "\0Mthe database system is not as it should be\0\0";
            client.write(Buffer.buffer("E").appendInt(fields.length() + 4).appendString(fields));
            client.close();
        });
    }

    @Test
    void a_server_that_is_starting_up_is_waited_for() {
        Line line = Await.get(dial(3, saying("57P03")));

        assertThat(Await.get(line.script("SELECT 1"))).hasSize(1);
        assertThat(asked).hasValueGreaterThan(3);
        line.drop();
    }

    @Test
    void what_else_the_server_has_against_it_is_said_at_once() {
        Failure failure = (Failure) Await.failure(dial(3, saying("28P01")));

        assertThat(failure.code()).isEqualTo("28P01");
    }

    @Test
    void one_that_was_asked_for_while_nobody_answered_holds_up_none_that_is_asked_for_later() {
        Line line = Await.get(dial(2, client -> {}));

        assertThat(Await.get(line.script("SELECT 1"))).hasSize(1);
        line.drop();
    }
}
