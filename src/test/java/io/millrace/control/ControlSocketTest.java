package io.millrace.control;

import static io.millrace.testkit.Await.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.control.LocalRuns.Found;
import io.millrace.control.LocalRuns.Refused;
import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of one Vert.x, seen and cancelled from another, over a real Unix socket. */
class ControlSocketTest {
    private static final String SLEEPING = """
            {'name': 'sleepy', 'source': {'range': 3}, 'steps': [{'sleep': '1h'}], 'sink': 'discard'}
            """;

    @TempDir
    private Path directory;

    private Millrace millrace;
    private ControlSocket socket;
    private LocalRuns nearby;

    @BeforeEach
    void open() {
        millrace = new Millrace(directory);
        SocketFolder folder = SocketFolder.in(directory.resolve("sockets"));
        socket = new ControlSocket(millrace.vertx(), millrace.engine(), folder);
        nearby = LocalRuns.open(folder);
    }

    @AfterEach
    void close() {
        nearby.close();
        get(socket.close());
        millrace.close();
    }

    @Test
    void shows_what_is_under_way() {
        millrace.start(SLEEPING.replace('\'', '"'));

        Found run = started();

        assertThat(run.flow()).isEqualTo("sleepy");
        assertThat(run.view().path("state").asText()).isEqualTo("running");
        assertThat(run.view().path("pid").asLong())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(run.view().at("/stages/0/inFlight").asInt()).isEqualTo(3);
        get(nearby.cancel(run));
    }

    @Test
    void cancels_a_run_and_tells_how_it_ended() {
        var run = millrace.start(SLEEPING.replace('\'', '"'));

        JsonNode last = get(nearby.cancel(started()));

        var ended = run.await();
        assertThat(ended.exitCode()).isEqualTo(130);
        assertThat(ended.result().reason()).isEqualTo("millrace cancel");
        assertThat(ended.deadLetters())
                .hasSize(3)
                .allSatisfy(letter ->
                        assertThat(letter.at("/error/kind").textValue()).isEqualTo("CANCELLED"));
        assertThat(last.path("outcome").asText()).isEqualTo("interrupted");
        assertThat(last.path("deadLetters").asInt()).isEqualTo(3);
        assertThat(get(nearby.list())).isEmpty();
    }

    @Test
    void cancels_one_item_and_lets_the_others_be() {
        var run = millrace.start(SLEEPING.replace('\'', '"'));
        Found found = started();
        String stage = found.view().at("/stages/0/name").asText();

        JsonNode answer = get(nearby.cancelItem(found, stage + "-1"));

        assertThat(answer.path("cancelled").asInt()).isEqualTo(1);
        Awaitility.await()
                .untilAsserted(() -> assertThat(get(nearby.list())
                                .get(0)
                                .view()
                                .path("deadLetters")
                                .asInt())
                        .isEqualTo(1));
        assertThat(started().view().at("/stages/0/inFlight").asInt()).isEqualTo(2);
        get(nearby.cancel(found));
        assertThat(run.await().deadLetters().get(0).at("/error/message").asText())
                .isEqualTo("This item was cancelled by hand.");
    }

    @Test
    void says_that_an_item_is_not_running() {
        millrace.start(SLEEPING.replace('\'', '"'));
        Found found = started();

        assertThatThrownBy(() -> get(nearby.cancelItem(found, "nothing-9")))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("No item nothing-9 is running.");

        get(nearby.cancel(found));
    }

    @Test
    void takes_away_the_socket_of_a_process_that_is_no_more() throws IOException {
        started(millrace.start(SLEEPING.replace('\'', '"')));
        Path left = Files.createFile(directory.resolve("sockets/4194999.sock"));

        List<Found> found = get(nearby.list());

        assertThat(found).hasSize(1);
        assertThat(left).doesNotExist();
        get(nearby.cancel(found.get(0)));
    }

    @Test
    void does_not_trust_a_folder_that_others_can_enter() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> SocketFolder.in(open).claim(1)).hasMessageContaining("not this user's alone");
    }

    private void started(Object run) {
        assertThat(run).isNotNull();
        started();
    }

    /** The run, once it listens and its items sleep. */
    private Found started() {
        Awaitility.await().until(() -> {
            Future<List<Found>> list = nearby.list();
            List<Found> runs = get(list);
            return !runs.isEmpty()
                    && runs.get(0).view().at("/stages/0/inFlight").asInt() > 1;
        });
        return get(nearby.list()).get(0);
    }
}
