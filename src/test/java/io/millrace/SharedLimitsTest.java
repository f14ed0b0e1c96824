package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is limited is limited over all processes that share a run: two real ones here. */
class SharedLimitsTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void end() {
        programs.forEach(Program::close);
    }

    private Program start(String flow, String who) {
        try {
            Path file = Files.writeString(folder.resolve("flow.json"), flow);
            Program program = Program.millrace(folder, Map.of("WHO", who), List.of("run", file.toString()));
            programs.add(program);
            return program;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> lines(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private static void assertEndedWell(Program program) {
        assertThat(program.exitCode()).as(program.err()).isZero();
    }

    private static final int LIMIT = 50;
    private static final int STARTS = 500;

    private static final String AT_A_RATE = """
            {"durable": true, "stages": {
              "numbers": {"source": {"range": %d}, "to": "work"},
              "work": {"queue": {"durable": true}, "rate": "%d/s", "steps": [{"map": {"ms": "${now * 1000 | floor}", "who": "${$env.WHO}"}}], "to": "store"},
              "store": {"queue": {"durable": true}, "sink": {"jsonl": "out.jsonl"}}}}""".formatted(STARTS, LIMIT);

    @Test
    void a_rate_is_kept_by_all_processes_together() throws IOException {
        Program one = start(AT_A_RATE, "one");
        await().atMost(LONG).until(() -> one.err().contains("begins"));
        Program other = start(AT_A_RATE, "other");

        assertEndedWell(one);
        assertEndedWell(other);
        List<String> lines = lines("out.jsonl");
        assertThat(lines)
                .hasSize(STARTS)
                .anyMatch(line -> line.contains("\"one\""))
                .anyMatch(line -> line.contains("\"other\""));
        List<Long> starts = new ArrayList<>(lines.stream()
                .map(line -> Long.parseLong(line.replaceAll(".*\"ms\":(\\d+).*", "$1")))
                .toList());
        Collections.sort(starts);
        assertThat(most(starts, 1)).isLessThanOrEqualTo(LIMIT + 2 * LIMIT / 2);
        assertThat(most(starts, 4)).isLessThanOrEqualTo(4 * LIMIT + 2 * LIMIT / 2);
    }

    /** The most that began in so many seconds; each process may be late by the permits of half a second. */
    private static long most(List<Long> starts, int seconds) {
        return starts.stream()
                .mapToLong(from -> starts.stream()
                        .filter(at -> at >= from && at < from + 1000L * seconds)
                        .count())
                .max()
                .orElseThrow();
    }

    private static final String ONE_AT_A_TIME = """
            {"durable": true, "stages": {
              "numbers": {"source": {"range": 200}, "to": "work"},
              "work": {"queue": {"durable": true}, "concurrency": 4, "steps": [
                {"file": {"append": "wish.txt", "text": "${$env.WHO}\\n"}},
                {"lock": {"name": "log", "do": [
                  {"file": {"append": "log.txt", "text": "in ${$env.WHO} "}},
                  {"sleep": "${if $env.WHO == \\"first\\" then \\"1h\\" else \\"2ms\\" end}"},
                  {"file": {"append": "log.txt", "text": "out\\n"}}]}}],
                "sink": "discard"}}}""";

    @Test
    void a_lock_that_one_process_holds_keeps_others_out_until_that_one_is_killed() throws IOException {
        Program first = start(ONE_AT_A_TIME, "first");
        await().atMost(LONG).until(() -> lines("log.txt").contains("in first "));
        Program second = start(ONE_AT_A_TIME, "second");
        await().atMost(LONG).until(() -> lines("wish.txt").contains("second"));

        await().during(Duration.ofSeconds(1)).until(() -> lines("log.txt").equals(List.of("in first ")));
        first.kill();

        assertEndedWell(second);
        List<String> log = lines("log.txt");
        assertThat(log.get(0)).isEqualTo("in first in second out");
        assertThat(log.subList(1, log.size())).hasSize(199).containsOnly("in second out");
    }
}
