package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** The walk through {@code conf/resume.json} of its guide, with real processes. */
class ResumeTest {
    private static final int JOBS = 2600;
    private static final String FILE = "out/jobs.jsonl";

    @TempDir
    private Path folder;

    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void end() {
        programs.forEach(Program::close);
    }

    private Program millrace(String... arguments) {
        Program program = Program.millrace(folder, Map.of(), List.of(arguments));
        programs.add(program);
        return program;
    }

    private Program resume() {
        String flow = Path.of("conf/resume.json").toAbsolutePath().toString();
        return millrace("run", flow, "-p", "jobs=" + JOBS, "--drain", "500ms");
    }

    @Test
    void a_killed_run_goes_on_where_it_was_and_a_finished_one_has_nothing_to_do() throws IOException {
        Program killed = resume();
        untilWritten(10_000);
        killed.kill();

        Program stopped = resume();
        untilWritten(40_000);
        stopped.signal("TERM");
        int interrupted = stopped.exitCode();
        Program last = resume();
        int done = last.exitCode();
        Program idle = resume();
        int again = idle.exitCode();

        assertThat(stopped.err()).contains("resuming run 1 at ", "what was done is kept; run it again to go on");
        assertThat(interrupted).isEqualTo(143);
        assertThat(last.err()).containsPattern("resuming run 1 at [\\d,]+ .*: [\\d,]+ records? (is|are) done");
        assertThat(last.err())
                .containsPattern(
                        ": [\\d,]+ items( and 1 dead letter)? in this process; run 1 in all: 2,600 records done, 1 dead letter");
        assertThat(done).isEqualTo(3);
        assertThat(again).isEqualTo(3);
        assertThat(idle.err()).contains("nothing to do: run 1 has done it");
        assertThat(jobs(Files.readAllLines(folder.resolve(FILE)))).isEqualTo(expected());
        assertThat(jobs(rows())).isEqualTo(expected());
    }

    /** Bytes of the file, be it complete or not. */
    private void untilWritten(long bytes) {
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            Path part = folder.resolve(FILE + ".part");
            return (Files.exists(part) && Files.size(part) > bytes) || Files.exists(folder.resolve(FILE));
        });
    }

    private List<String> rows() {
        try {
            Files.writeString(
                    folder.resolve("rows.json"), "{ \"source\": { \"sql\": \"SELECT job FROM resume_jobs\" } }");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Program rows = millrace("run", "rows.json");
        assertThat(rows.exitCode()).as(rows.err()).isZero();
        return rows.out().lines().toList();
    }

    private static List<Integer> jobs(List<String> lines) {
        return lines.stream()
                .map(line -> Integer.parseInt(line.replaceAll(".*\"job\":(\\d+).*", "$1")))
                .sorted()
                .toList();
    }

    private static List<Integer> expected() {
        return IntStream.rangeClosed(1, JOBS)
                .filter(job -> job % 2500 != 0)
                .boxed()
                .toList();
    }
}
