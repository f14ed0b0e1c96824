package io.millrace.connect.exec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs in whole runs. */
class ExecFlowTest {
    @TempDir
    private Path directory;

    private Millrace millrace;

    @BeforeEach
    void open() {
        millrace = new Millrace(directory);
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    @Test
    void a_timeout_ends_the_whole_tree_before_the_failure_is_told() throws IOException {
        Millrace.Outcome outcome = millrace.run("{'source': {'values': [1]}, 'steps': [{'exec':"
                + " ['sh', '-c', 'echo $$ > pids; sleep 60 & echo $! >> pids; wait'], 'timeout': '1s'}]}");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.deadLetters().get(0).at("/error/kind").textValue()).isEqualTo("TIMEOUT");
        assertThat(pids()).hasSize(2).noneMatch(ProcessTree::isAlive);
    }

    @Test
    void items_go_through_a_coprocess_that_ends_with_the_run() throws IOException {
        Millrace.Outcome outcome =
                millrace.run("{'source': {'range': 1000}, 'concurrency': 64, 'ordered': true, 'steps': [{'exec':"
                        + " {'mode': 'coprocess', 'processes': 1, 'command': ['sh', '-c', 'echo $$ > pids; exec cat'],"
                        + " 'input': '${.value * 2}'}, 'as': 'double'}, {'map': {'d': '${.double}'}}]}");

        List<JsonNode> lines = outcome.lines();
        assertThat(outcome.exitCode()).isZero();
        assertThat(lines).hasSize(1000);
        assertThat(lines.get(999).get("d").intValue()).isEqualTo(1998);
        assertThat(pids()).hasSize(1).noneMatch(ProcessTree::isAlive);
    }

    @Test
    void retry_takes_up_what_a_dying_coprocess_has_lost() {
        Millrace.Outcome outcome = millrace.run("{'source': {'range': 20}, 'steps': [{'exec': {'mode': 'coprocess',"
                + " 'processes': 1, 'command': ['sh', '-c', 'read -r a; echo $a; read -r b; exit 1'], 'input': '${.value}'},"
                + " 'as': 'v', 'retry': {'attempts': 50, 'backoff': '1ms', 'maxBackoff': '20ms'}, 'name': 'twice'}],"
                + " 'concurrency': 2}");

        assertThat(outcome.deadLetters()).isEmpty();
        assertThat(outcome.lines())
                .extracting(line -> line.get("v").intValue())
                .hasSize(20)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_source_that_fails_and_a_sink_that_fails_fail_the_run() {
        Millrace.Outcome source = millrace.run("{'source': {'exec': ['sh', '-c', 'echo a; exit 2']}}");
        Millrace.Outcome sink =
                millrace.run("{'source': {'range': 3}, 'sink': {'exec': ['sh', '-c', 'cat >/dev/null; exit 5']}}");

        assertThat(source.exitCode()).isEqualTo(1);
        assertThat(source.result().reason()).asString().contains("exit code 2");
        assertThat(sink.exitCode()).isEqualTo(1);
        assertThat(sink.result().reason()).asString().contains("exit code 5");
    }

    private List<Long> pids() throws IOException {
        return Files.readAllLines(directory.resolve("pids")).stream()
                .map(Long::valueOf)
                .toList();
    }
}
