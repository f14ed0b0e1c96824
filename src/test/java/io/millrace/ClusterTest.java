package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/cluster.json} by two processes, as it says. */
class ClusterTest {
    private static final int JOBS = 3000;
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void end() {
        programs.forEach(Program::close);
    }

    private Program start() {
        String flow = Path.of("conf/cluster.json").toAbsolutePath().toString();
        Program program =
                Program.millrace(folder, Map.of(), List.of("run", flow, "-p", "jobs=" + JOBS, "--drain", "500ms"));
        programs.add(program);
        return program;
    }

    private static void untilTold(Program program, String told) {
        await().atMost(LONG).until(() -> program.err().contains(told));
    }

    @Test
    void a_second_process_joins_the_run_and_ends_it_when_the_first_is_stopped() throws IOException {
        Program first = start();
        untilTold(first, "begins");
        Program second = start();
        untilTold(second, "run elsewhere");

        first.signal("TERM");
        int left = first.exitCode();
        int stayed = second.exitCode();

        assertThat(left).isEqualTo(143);
        assertThat(stayed).as(second.err()).isZero();
        assertThat(second.err()).contains("joins run 1, which also runs on ", "the stage \"results\" goes on here");
        assertThat(jobs()).isEqualTo(IntStream.rangeClosed(1, JOBS).boxed().toList());
    }

    @Test
    void both_end_alike_when_all_is_done() throws IOException {
        Program first = start();
        untilTold(first, "begins");
        Program second = start();

        int one = first.exitCode();
        int other = second.exitCode();

        assertThat(List.of(one, other)).containsExactly(0, 0);
        assertThat(jobs()).isEqualTo(IntStream.rangeClosed(1, JOBS).boxed().toList());
    }

    private List<Integer> jobs() throws IOException {
        return Files.readAllLines(folder.resolve("out/squares.jsonl")).stream()
                .map(line -> Integer.parseInt(line.replaceAll(".*\"job\":(\\d+).*", "$1")))
                .sorted()
                .toList();
    }
}
