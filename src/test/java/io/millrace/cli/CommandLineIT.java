package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, from outside. */
class CommandLineIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TICKS = "{ \"source\": { \"timer\": { \"every\": \"20ms\" } }, \"sink\": \"stdout\" }";
    private static final String STUCK =
            "{ \"source\": { \"values\": [1] }, \"steps\": [{ \"log\": \"under way\" }, { \"sleep\": \"1h\" }] }";

    @TempDir
    Path folder;

    @Test
    void standard_output_holds_the_data_and_nothing_else() {
        JarProcess.millrace(folder, "init").exitCode();

        long begin = System.nanoTime();
        Program run = JarProcess.millrace(folder, "run", "hello.json", "-p", "greeting=Hi");
        await().atMost(PATIENCE).until(() -> run.out().contains("\n"));
        System.out.println("first item after " + (System.nanoTime() - begin) / 1_000_000 + " ms");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("{\"text\":\"Hi, "));
        assertThat(run.err())
                .contains("made: Hi, Ada!", "done in ", ": 3 items")
                .doesNotContain("{\"text\"");
    }

    @Test
    void the_jar_runs_by_itself() {
        Program version = Program.command(folder, JarProcess.JAR, "--version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).startsWith("millrace ");
        assertThat(version.err()).isEmpty();
    }

    @Test
    void components_and_schema_are_told_by_the_program_itself() {
        Program list = JarProcess.millrace(folder, "components");
        Program sql = JarProcess.millrace(folder, "components", "sql");
        Program schema = JarProcess.millrace(folder, "schema");

        assertThat(list.exitCode() + sql.exitCode() + schema.exitCode()).isZero();
        assertThat(list.out()).contains("Steps\n", "Sources\n", "Sinks\n", "Resources\n", "  http ");
        assertThat(sql.out()).contains("sql (step)", "sql (source)", "sql (sink)");
        assertThat(schema.out()).contains("\"$schema\"", "\"additionalProperties\" : false");
    }

    @Test
    void a_wrong_flow_exits_with_2_and_tells_line_and_word() throws IOException {
        write("typo.json", "{\n  \"source\": { \"values\": [1] },\n  \"stepz\": []\n}");

        Program run = JarProcess.millrace(folder, "run", "typo.json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("typo.json:3:3: /stepz: ", "Did you mean \"steps\"?", "1 error in typo.json");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void dead_letters_exit_with_3_and_stand_in_the_file_that_is_named() throws IOException {
        write(
                "raise.json",
                "{ \"source\": { \"values\": [1, 2] }, \"steps\": [{ \"raise\": \"no ${.value}\", \"when\": \".value == 2\" }] }");

        Program run = JarProcess.millrace(folder, "run", "raise.json");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("1 item, 1 dead letter in raise.dead.jsonl", "it failed at raise/raise#0: no 2");
        assertThat(folder.resolve("raise.dead.jsonl")).content().contains("no 2");
    }

    @Test
    void sigterm_drains_and_exits_with_143() throws IOException {
        write("ticks.json", TICKS);
        Program run = JarProcess.millrace(folder, "run", "ticks.json");
        await().atMost(PATIENCE).until(() -> run.out().contains("\n"));

        run.signal("TERM");

        assertThat(run.exitCode()).isEqualTo(143);
        assertThat(run.err()).contains("stopping: ", "interrupted by SIGTERM after ");
        assertThat(run.out()).endsWith("}\n");
    }

    @Test
    void sigint_drains_and_exits_with_130() throws IOException {
        write("ticks.json", TICKS);
        Program run = JarProcess.atTerminal(folder, "run", "ticks.json");
        await().atMost(PATIENCE).until(() -> run.out().contains("\n"));

        run.signal("INT");

        assertThat(run.exitCode()).isEqualTo(130);
        assertThat(run.err()).contains("press Ctrl-C again to stop at once", "interrupted by SIGINT after ");
    }

    @Test
    void the_second_signal_does_not_wait_for_what_is_in_flight() throws IOException {
        write("stuck.json", STUCK);
        Program run = JarProcess.millrace(folder, "run", "stuck.json", "--drain", "1h");
        await().atMost(PATIENCE).until(() -> run.err().contains("under way"));

        run.signal("TERM");
        await().atMost(PATIENCE).until(() -> run.err().contains("stopping: 1 item in flight"));
        run.signal("TERM");

        assertThat(run.exitCode()).isEqualTo(143);
        assertThat(run.err()).doesNotContain("interrupted");
    }

    @Test
    void what_is_still_in_flight_after_the_drain_time_is_kept() throws IOException {
        write("stuck.json", STUCK);
        Program run = JarProcess.millrace(folder, "run", "stuck.json", "--drain", "200ms");
        await().atMost(PATIENCE).until(() -> run.err().contains("under way"));

        run.signal("TERM");

        assertThat(run.exitCode()).isEqualTo(143);
        assertThat(run.err()).contains("1 dead letter in stuck.dead.jsonl");
        assertThat(folder.resolve("stuck.dead.jsonl")).content().contains("CANCELLED");
    }

    @Test
    void a_run_is_seen_and_cancelled_from_another_process() throws IOException {
        write("stuck.json", STUCK);
        Program run = JarProcess.millrace(folder, "run", "stuck.json", "--drain", "1h");
        await().atMost(PATIENCE).until(() -> run.err().contains("under way"));
        await().atMost(PATIENCE).until(() -> listed().contains("stuck"));

        Program top = JarProcess.millrace(folder, "top");
        assertThat(top.exitCode()).isZero();
        assertThat(top.out()).contains("stuck").containsPattern(":" + run.pid() + " +- +all of it");
        Program cancel = JarProcess.millrace(folder, "cancel", String.valueOf(run.pid()));

        assertThat(cancel.exitCode()).isZero();
        assertThat(cancel.err()).contains("cancelled stuck (", "1 dead letter");
        assertThat(run.exitCode()).isEqualTo(130);
        assertThat(run.err()).contains("interrupted by millrace cancel after ", "1 dead letter in stuck.dead.jsonl");
        assertThat(listed()).doesNotContain(String.valueOf(run.pid()));
    }

    private String listed() {
        Program runs = JarProcess.millrace(folder, "runs");
        assertThat(runs.exitCode()).isZero();
        return runs.out();
    }

    @Test
    void a_reader_that_has_enough_ends_the_run_without_a_word_of_java() throws IOException {
        write("endless.json", "{ \"source\": { \"range\": { \"count\": 1000000000 } }, \"sink\": \"stdout\" }");

        Program shell = Program.command(
                folder,
                "sh",
                "-c",
                "{ '" + Program.JAVA + "' -jar '" + JarProcess.JAR + "' run endless.json; echo $? >code; } | head -1");

        assertThat(shell.exitCode()).isZero();
        assertThat(shell.out()).isEqualTo("{\"value\":0}\n");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(folder.resolve("code")).content().isEqualTo("141\n"));
        assertThat(shell.err()).doesNotContain("Exception", "\tat ");
        assertThat(folder.resolve("endless.dead.jsonl")).doesNotExist();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
