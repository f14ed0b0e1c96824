package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PostgresResourceTest extends SqlTestBase {
    private Failure refused(TestAssembly with, String settings) {
        Postgres db = build(with, settings);
        return (Failure) catchThrowable(() -> Await.onLoop(vertx, db::open));
    }

    private TestAssembly at(PgConnectOptions options) {
        return new TestAssembly(vertx)
                .database(new DatabaseAddress(
                        options.getHost(),
                        options.getPort(),
                        options.getUser(),
                        options.getPassword(),
                        options.getDatabase()));
    }

    @Test
    void shows_where_it_is_and_no_secret() {
        Postgres db = build(database.assembly(), database.settings(""));

        ObjectNode shown = Await.onLoop(vertx, db::open);

        assertThat(shown.properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactly("host", "port", "database");
        assertThat(shown.path("database").textValue()).startsWith("millrace_test_");
        Await.get(db.close());
    }

    @Test
    void a_flow_that_names_no_server_means_the_one_of_the_environment() {
        TestAssembly elsewhere =
                at(database.options()).with("env", "{\"DATABASE_URL\": \"postgres://ada:secret@127.0.0.1:1/shop\"}");

        Failure failure = refused(elsewhere, "{connectTimeout: '2s'}");

        assertThat(failure).hasMessageContaining("127.0.0.1:1").hasMessageContaining("ada");
        assertThat(failure.message()).doesNotContain("secret");
    }

    @Test
    void null_means_the_embedded_server_whatever_the_environment_says() {
        TestAssembly elsewhere =
                at(database.options()).with("env", "{\"DATABASE_URL\": \"postgres://ada@127.0.0.1:1/shop\"}");
        Postgres db = build(elsewhere, "{uri: null}");

        ObjectNode shown = Await.onLoop(vertx, db::open);

        assertThat(shown.path("database").textValue())
                .isEqualTo(database.options().getDatabase());
        Await.get(db.close());
    }

    @Test
    void a_wrong_password_is_one_clear_message_without_the_password() {
        Failure failure = refused(at(database.options().setPassword("hunter2")), "{}");

        assertThat(failure)
                .hasMessageContaining(
                        "cannot connect to PostgreSQL at " + database.options().getHost())
                .hasMessageContaining("as user \"" + database.options().getUser() + "\"")
                .hasMessageContaining("password authentication failed")
                .hasMessageContaining("Correct user and password");
        assertThat(failure.message()).doesNotContain("hunter2");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void an_unknown_database_is_named() {
        assertThat(refused(at(database.options().setDatabase("nowhere")), "{}"))
                .hasMessageContaining("database \"nowhere\"")
                .hasMessageContaining("CREATE DATABASE");
    }

    @Test
    void a_port_where_nobody_listens_is_refused_with_its_number() {
        Failure failure = refused(new TestAssembly(vertx), "{uri: 'postgres://me:pw@127.0.0.1:1/db'}");

        assertThat(failure)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageContaining("refused")
                .hasMessageContaining("Start the server");
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void an_unknown_host_is_told() {
        assertThat(refused(new TestAssembly(vertx), "{uri: 'postgres://me:pw@no-such-host.invalid/db'}"))
                .hasMessageContaining("no-such-host.invalid")
                .hasMessageContaining("Correct");
    }

    @Test
    void a_server_that_never_answers_is_given_up_after_the_connect_timeout() {
        NetServer silent =
                Await.get(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));

        Failure failure = refused(
                new TestAssembly(vertx),
                "{uri: 'postgres://me:pw@127.0.0.1:" + silent.actualPort() + "/db', connectTimeout: '200ms'}");

        assertThat(failure).hasMessageContaining("no answer within 200 ms").hasMessageContaining("connectTimeout");
        Await.get(silent.close());
    }

    @Test
    void a_bad_uri_is_told_when_checked() {
        assertThat(assembly.problems(new PostgresResourceType().spec(), "{uri: 'mysql://host/db'}"))
                .singleElement()
                .asString()
                .contains("/uri: The address does not start with postgresql://")
                .contains("null for the embedded server");
        assertThat(assembly.problems(new PostgresResourceType().spec(), "{uri: null}"))
                .isEmpty();
    }

    @Test
    void init_runs_its_statements_in_order() {
        TestAssembly with = open(
                "init: ['CREATE TABLE first (id int)', 'INSERT INTO first VALUES (1); INSERT INTO first VALUES (2)']");

        assertThat(with).isNotNull();
        assertThat(sql("SELECT sum(id) AS n FROM first")).isEqualTo("[{\"n\":3}]");
    }

    @Test
    void init_tells_which_statement_failed_and_where() {
        assertThat(refused(database.assembly(), database.settings("init: ['SELECT 1', 'CREATE TABEL x (id int)']")))
                .hasMessageContaining("init statement 2: syntax error at or near \"TABEL\" (line 1, column 8)");
    }

    @Test
    void the_same_init_runs_in_many_resources_at_once() {
        String init = "init: 'CREATE TABLE IF NOT EXISTS shared (id int PRIMARY KEY)'";

        Future<?> all = Future.join(java.util.stream.IntStream.range(0, 6)
                .mapToObj(i -> build(database.assembly(), database.settings(init)))
                .map(db -> db.open().compose(opened -> db.close()))
                .toList());

        Await.get(all);
    }

    @Test
    void closes_in_bounded_time_while_a_query_runs() {
        Postgres db = build(database.assembly(), database.settings(""));
        Await.onLoop(vertx, db::open);
        db.lanes().shared(connection -> connection.query("SELECT pg_sleep(60)").execute());
        long start = System.nanoTime();

        Await.get(db.close());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }
}
