package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void set_up() {
        bench = new Bench(folder);
    }

    @Test
    void a_bare_call_prints_help_and_exits_with_0() {
        int code = bench.run();

        assertThat(code).isZero();
        assertThat(bench.out()).contains("Usage: millrace", "run", "check", "components", "schema", "graph", "init");
        assertThat(bench.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "components", "schema", "graph", "init"})
    void every_command_has_help_that_names_its_environment(String command) {
        int code = bench.run(command, "-h");

        assertThat(code).isZero();
        assertThat(bench.out()).contains("Usage: millrace " + command, "MILLRACE_COLOR");
    }

    @Test
    void help_of_run_names_the_exit_codes() {
        bench.run("run", "--help");

        assertThat(bench.out())
                .contains("Exit codes:", "130", "interrupted by SIGINT", "MILLRACE_STATE_DIR", "--drain");
    }

    @Test
    void version_names_java_and_postgresql() {
        int code = bench.run("--version");

        assertThat(code).isZero();
        assertThat(bench.out())
                .containsPattern("millrace \\d+\\.\\d+")
                .contains("Java " + Runtime.version(), "PostgreSQL 18");
    }

    @Test
    void a_wrong_option_exits_with_2_and_says_where_help_is() {
        int code = bench.run("run", "--darin", "2s", "x.json");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).contains("error: ", "--darin", "See millrace run --help.");
        assertThat(bench.out()).isEmpty();
    }

    @Test
    void a_wrong_command_exits_with_2_and_suggests_one() {
        int code = bench.run("chek", "x.json");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).contains("error: there is no command \"chek\". Did you mean \"check\"?");
    }

    @Test
    void a_bad_duration_is_told_with_forms_that_are_good() {
        int code = bench.run("run", "--drain", "soon", "x.json");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).contains("--drain", "\"soon\" is not a duration. Write 500ms, 20s or 2m.");
    }

    @Test
    void a_value_from_the_environment_that_is_bad_is_told_as_well() {
        bench.environment.put("MILLRACE_DRAIN", "soon");

        int code = bench.run("run", "x.json");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).contains("\"soon\" is not a duration");
    }

    @Test
    void a_missing_flow_file_is_told_with_the_name_that_was_probably_meant() {
        bench.file("scrape.json", "{}");

        int code = bench.run("run", "scrpae.json");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err())
                .isEqualTo("error: cannot read flow scrpae.json: no such file. Did you mean scrape.json?\n");
    }

    @Test
    void a_missing_flow_file_among_quite_other_ones_is_told_with_what_there_is() {
        bench.file("fetch.json", "{}");
        bench.file("crawl.json", "{}");

        bench.run("run", "hello-world.json");

        assertThat(bench.err()).contains("no such file. There are ", "crawl.json", "fetch.json");
    }

    @Test
    void an_unexpected_exception_is_one_line_without_its_trace() {
        bench.file("x.json", "{}");
        bench.loader = request -> {
            throw new IllegalStateException("the unexpected");
        };

        int code = bench.run("run", "x.json");

        assertThat(code).isEqualTo(1);
        assertThat(bench.err())
                .isEqualTo(
                        "internal error: java.lang.IllegalStateException: the unexpected (run with -v for the trace)\n");
    }

    @Test
    void an_unexpected_exception_shows_its_trace_with_v() {
        bench.file("x.json", "{}");
        bench.loader = request -> {
            throw new IllegalStateException("the unexpected");
        };

        bench.run("run", "-v", "x.json");

        assertThat(bench.err()).contains("internal error: ", "\tat io.millrace.cli.");
    }
}
