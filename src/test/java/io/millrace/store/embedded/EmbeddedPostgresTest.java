package io.millrace.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process and a real server. */
class EmbeddedPostgresTest {
    @TempDir
    Path stateDir;

    @Test
    void answers_queries_over_a_unix_socket_only_with_scram_and_fsync() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir)) {
            try (Session session = new Session(postgres.address())) {
                assertThat(session.query("select version()")).startsWith("PostgreSQL 18");
                assertThat(session.query("show fsync")).isEqualTo("on");
                assertThat(session.query("show listen_addresses")).isEmpty();
                assertThat(session.query(
                                "select datlocprovider::text || datlocale from pg_database where datname = 'postgres'"))
                        .isEqualTo("bC.UTF-8");
                assertThat(session.query("select distinct auth_method from pg_hba_file_rules"))
                        .isEqualTo("scram-sha-256");
            }
        }
    }

    @Test
    void refuses_a_wrong_password_and_keeps_the_right_one_to_itself() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir)) {
            EmbeddedPostgres.Address address = postgres.address();
            var wrong = new EmbeddedPostgres.Address(
                    address.socketDir(), address.port(), address.user(), "guess", "postgres");

            assertThatThrownBy(() -> Session.query(wrong, "select 1"))
                    .hasMessageContaining("password authentication failed");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(stateDir.resolve("postgres/password"))))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(address.socketDir())))
                    .isEqualTo("rwx------");
            assertThat(address.toString()).doesNotContain(address.password());
        }
    }

    @Test
    void keeps_its_data_and_its_address_over_a_restart_and_leaves_no_socket_behind() throws Exception {
        EmbeddedPostgres.Address first;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir)) {
            first = postgres.address();
            Session.query(first, "create table kept as select 42 as n");
        }
        assertThat(first.socketDir()).doesNotExist();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir)) {
            assertThat(postgres.address()).isEqualTo(first);
            assertThat(Session.query(first, "select n from kept")).isEqualTo("42");
        }
    }

    @Test
    void two_starts_in_one_process_share_the_server_until_the_last_one_closes() throws Exception {
        EmbeddedPostgres one = EmbeddedPostgres.start(stateDir);
        EmbeddedPostgres two = EmbeddedPostgres.start(stateDir.resolve("../" + stateDir.getFileName()));
        long pid = Servers.pid(stateDir);

        one.close();
        one.close();

        assertThat(Servers.isRunning(stateDir)).isTrue();
        assertThat(Session.query(two.address(), "select 1")).isEqualTo("1");
        assertThat(Servers.pid(stateDir)).isEqualTo(pid);

        two.close();

        assertThat(Servers.isRunning(stateDir)).isFalse();
    }

    @Test
    void revives_a_server_that_was_killed_at_the_same_address_with_its_committed_data() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir)) {
            Session.query(postgres.address(), "create table kept as select 42 as n");
            long pid = Servers.pid(stateDir);
            Servers.kill(pid);

            EmbeddedPostgres.Address again = postgres.revive();

            assertThat(again).isEqualTo(postgres.address());
            assertThat(Servers.pid(stateDir)).isNotEqualTo(pid);
            assertThat(Session.query(again, "select n from kept")).isEqualTo("42");
        }
        assertThat(Servers.isRunning(stateDir)).isFalse();
    }

    @Test
    void a_stale_pid_file_that_says_ready_for_a_foreign_process_is_no_server() throws Exception {
        EmbeddedPostgres.start(stateDir).close();
        Path data = stateDir.toRealPath().resolve("postgres/data");
        // Of the user that runs the server: the server itself takes other users' processes for none of its own.
        Process foreign = new ProcessBuilder(ServerUser.current().command(List.of("sleep", "60"))).start();
        String pid = String.valueOf(foreign.pid());
        Files.write(
                data.resolve("postmaster.pid"), List.of(pid, data.toString(), "1", "5432", "/tmp", "", "0 0", "ready"));

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir)) {
            assertThat(Session.query(postgres.address(), "select 1")).isEqualTo("1");
            assertThat(foreign.isAlive()).isTrue();
        } finally {
            foreign.destroyForcibly();
        }
    }

    @Test
    void refuses_the_data_of_another_major_version() throws Exception {
        Path data = Files.createDirectories(stateDir.resolve("postgres/data"));
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        Files.writeString(stateDir.resolve("postgres/password"), "secret\n");

        assertThatThrownBy(() -> EmbeddedPostgres.start(stateDir))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("was made by PostgreSQL 15; this Millrace brings PostgreSQL 18")
                .hasMessageContaining("pg_dump");
    }

    @Test
    void a_lost_password_is_named_with_the_ways_out() throws Exception {
        EmbeddedPostgres.start(stateDir).close();
        Files.delete(stateDir.resolve("postgres/password"));

        assertThatThrownBy(() -> EmbeddedPostgres.start(stateDir))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("Bring the file back, or delete");
        assertThat(Servers.isRunning(stateDir)).isFalse();
    }

    @Test
    void a_server_that_cannot_start_shows_the_end_of_its_log() throws Exception {
        EmbeddedPostgres.start(stateDir).close();
        Files.writeString(stateDir.resolve("postgres/data/postgresql.conf"), "max_connections = many\n");

        assertThatThrownBy(() -> EmbeddedPostgres.start(stateDir))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("ended at once")
                .hasMessageContaining("invalid value for parameter \"max_connections\"");
    }

    @Test
    void a_state_directory_that_is_a_file_is_named() throws Exception {
        Path file = Files.createFile(stateDir.resolve("plain"));

        assertThatThrownBy(() -> EmbeddedPostgres.start(file))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("Cannot use the state directory " + file);
    }
}
