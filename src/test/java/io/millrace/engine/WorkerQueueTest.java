package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Millrace;
import io.millrace.testkit.PluginJars;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Back-pressure of a worker pool on the stages that use it. */
class WorkerQueueTest {
    @TempDir
    private Path directory;

    private Millrace millrace;

    @BeforeEach
    void open() {
        millrace = new Millrace(directory, () -> Future.failedFuture("no database"));
        PluginJars.jar(directory.resolve("plugins/test.jar"), Map.of("Gated", """
                implements Function<Map<String, Object>, Object> {
                    public Object apply(Map<String, Object> given) {
                        while (!java.nio.file.Files.exists(java.nio.file.Path.of((String) given.get("gate")))) Thread.onSpinWait();
                        return given.get("n");
                    }
                }"""));
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    @Test
    void a_stage_starts_no_more_items_while_its_work_does_not_find_room() throws IOException {
        Path gate = directory.resolve("gate");

        Millrace.Started started = millrace.start("""
                {"workers": {"one": {"threads": 1, "queue": 2}}, "source": {"range": 50}, "concurrency": 50,
                 "steps": [{"java": {"class": "test.Gated", "parallel": true, "with": {"gate": "%s", "n": "${.value}"}},
                            "blocking": "one", "as": "n"}], "sink": "discard"}
                """.formatted(gate));

        // one runs, two wait in the queue, one at the door
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                started.run().snapshot().stages().get(0).inFlight())
                        .isEqualTo(4));
        Files.createFile(gate);
        assertThat(started.await().result().last().stages().get(0).out()).isEqualTo(50);
    }
}
