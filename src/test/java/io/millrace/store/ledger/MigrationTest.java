package io.millrace.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ledger.Ledger;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Failure;
import io.millrace.testkit.Await;
import io.millrace.testkit.Embedded;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a store's tables come to be, and who may use them. Each test has a database of its own. */
class MigrationTest {
    private static final String FIRST = "CREATE TABLE millrace.meta (version int, min_reader int, store_id uuid);"
            + " INSERT INTO millrace.meta VALUES (0, 1, gen_random_uuid())";
    private static final String SECOND = "CREATE TABLE millrace.extra (n int)";

    @TempDir
    static Path stateDir;

    private static Vertx vertx;
    private static Embedded server;
    private final String database = "d" + UUID.randomUUID().toString().replace("-", "");
    private Line line;

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
    void make() {
        DatabaseAddress at = Await.get(server.embedded());
        Line admin = dial(at.database(), at.user(), at.password());
        Await.get(admin.script("CREATE DATABASE " + database));
        admin.drop();
        line = dial(database, at.user(), at.password());
    }

    @AfterEach
    void leave() {
        line.drop();
    }

    @Test
    void makes_the_tables_once_and_the_store_keeps_its_id() {
        UUID first = Await.get(Migration.bundled().on(line));
        UUID second = Await.get(Migration.bundled().on(line));

        assertThat(second).isEqualTo(first);
        assertThat(one("SELECT version FROM millrace.meta")).isEqualTo(2);
    }

    @Test
    void processes_that_start_together_make_them_once() {
        DatabaseAddress at = Await.get(server.embedded());

        List<Ledger> ledgers = Stream.generate(() -> PostgresLedger.connect(
                        vertx, () -> Future.succeededFuture(options(database, at.user(), at.password()))))
                .limit(4)
                .toList()
                .stream()
                .map(Await::get)
                .toList();

        assertThat(ledgers)
                .extracting(Ledger::storeId)
                .containsOnly(ledgers.get(0).storeId());
        ledgers.forEach(ledger -> Await.get(ledger.close()));
    }

    @Test
    void applies_what_is_missing() {
        Await.get(new Migration(List.of(FIRST)).on(line));

        Await.get(new Migration(List.of(FIRST, SECOND)).on(line));

        assertThat(one("SELECT version FROM millrace.meta")).isEqualTo(2);
        assertThat(one("SELECT count(*)::int FROM millrace.extra")).isZero();
    }

    @Test
    void a_script_that_fails_leaves_the_store_as_it_was() {
        Await.get(new Migration(List.of(FIRST)).on(line));

        Await.failure(new Migration(List.of(FIRST, SECOND, "SELECT 1 / 0")).on(line));

        assertThat(one("SELECT version FROM millrace.meta")).isEqualTo(1);
        assertThat(one("SELECT count(to_regclass('millrace.extra'))::int")).isZero();
    }

    @Test
    void a_newer_store_is_used_as_it_is_while_it_allows_that() {
        Await.get(new Migration(List.of(FIRST, SECOND)).on(line));

        assertThat(Await.get(new Migration(List.of(FIRST)).on(line))).isNotNull();
    }

    @Test
    void a_store_that_needs_a_newer_binary_is_refused_with_the_mend() {
        Await.get(Migration.bundled().on(line));
        Await.get(line.script("UPDATE millrace.meta SET version = 8, min_reader = 7"));

        assertThat(Await.failure(Migration.bundled().on(line)))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "the store was upgraded by a newer Millrace: its tables need version 7, this one knows version 2."
                                + " Use the newer Millrace here too, or name another store.");
    }

    @Test
    void a_user_who_may_not_make_tables_is_told_what_an_administrator_can_do() {
        String role = "r" + database;
        Await.get(line.script("CREATE ROLE " + role + " LOGIN PASSWORD 'x'"));
        Line guest = dial(database, role, "x");

        Throwable thrown = Await.failure(Migration.bundled().on(guest));

        guest.drop();
        assertThat(thrown)
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("the store's user may not make Millrace's tables: permission denied")
                .hasMessageEndingWith("CREATE SCHEMA millrace AUTHORIZATION <user>");
    }

    private int one(String sql) {
        Row row = Await.get(line.script(sql)).iterator().next();
        return row.getInteger(0);
    }

    private static Line dial(String database, String user, String password) {
        return Await.get(
                new Dial(vertx, () -> Future.succeededFuture(options(database, user, password)), Duration.ofSeconds(5))
                        .dial());
    }

    private static PgConnectOptions options(String database, String user, String password) {
        DatabaseAddress at = Await.get(server.embedded());
        return PostgresBench.options(new DatabaseAddress(at.host(), at.port(), user, password, database));
    }
}
