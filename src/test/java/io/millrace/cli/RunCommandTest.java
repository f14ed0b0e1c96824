package io.millrace.cli;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.catalog.Catalog;
import io.millrace.engine.Replay;
import io.millrace.engine.RunOptions;
import io.millrace.engine.RunResult.Outcome;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.FlowReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void set_up() {
        bench = new Bench(folder);
        bench.file("flow.json", "{ \"stages\": { \"pages\": { \"to\": \"store\" }, \"store\": {} } }");
    }

    @Test
    void prints_a_table_of_stages_and_the_result_on_standard_error_alone() {
        int code = bench.run("run", "flow.json");

        assertThat(code).isZero();
        assertThat(bench.out()).isEmpty();
        assertThat(bench.err().lines().toList())
                .containsExactly(
                        "stage      in     out  failed  retried  dropped  rate/s     p50     p99",
                        "pages  12,431  12,429       2        5        0   1,011  3.1 ms  240 ms",
                        "store  12,429   1,240       0        0   11,189   1,010       -       -",
                        "done in 12.3 s: 1,240 items");
        assertThat(bench.closed).isTrue();
    }

    @Test
    void dead_letters_give_exit_code_3_and_the_name_of_their_file() {
        bench.engine = (flow, options) -> new ScriptedRun(3).done();

        int code = bench.run("run", "flow.json");

        assertThat(code).isEqualTo(3);
        assertThat(bench.err())
                .contains("1,240 items, 3 dead letters in flow.dead.jsonl")
                .contains("the first failed at pages/http#0: GET /a answered 404");
    }

    @Test
    void dead_letters_of_a_durable_flow_are_shown_by_dead_list() {
        bench.loader = request -> new FlowReader(Catalog.load(), new JqExpressions()).read(request);
        bench.file("kept.json", "{ \"durable\": true, \"source\": { \"values\": [1] } }");
        bench.engine = (flow, options) -> new ScriptedRun(3).done();

        int code = bench.run("run", "kept.json");

        assertThat(code).isEqualTo(3);
        assertThat(bench.err()).contains("3 dead letters: `millrace dead list kept` shows them\n");
    }

    @Test
    void an_interrupted_durable_run_says_how_it_goes_on() {
        bench.loader = request -> new FlowReader(Catalog.load(), new JqExpressions()).read(request);
        bench.file("kept.json", "{ \"durable\": true, \"source\": { \"values\": [1] } }");
        ScriptedRun run = new ScriptedRun();
        bench.engine = (flow, options) -> run;

        alongside("kept.json", () -> {
            bench.signal(Signals.Kind.TERM);
            run.ends(Outcome.INTERRUPTED, "drained");
        });

        assertThat(bench.err()).endsWith(" items\nwhat was done is kept; run it again to go on\n");
    }

    @Test
    void a_failed_run_gives_exit_code_1_and_its_reason() {
        bench.engine = (flow, options) -> new ScriptedRun().ends(Outcome.FAILED, "port 80 is in use");

        int code = bench.run("run", "flow.json", "-q");

        assertThat(code).isEqualTo(1);
        assertThat(bench.err()).isEqualTo("failed: port 80 is in use. After 12.3 s: 1,240 items\n");
        assertThat(bench.closed).isTrue();
    }

    @Test
    void an_invalid_flow_gives_exit_code_2_and_nothing_is_started() {
        bench.file("bad.json", "{ \"problems\": [{ \"severity\": \"ERROR\", \"line\": 1 }] }");
        bench.engine = (flow, options) -> {
            throw new IllegalStateException("started");
        };

        int code = bench.run("run", "bad.json");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).isEqualTo("bad.json:1:3: /stages: Wrong. Mend it.\n1 error in bad.json\n");
    }

    @Test
    void what_the_command_line_says_reaches_the_flow_and_the_engine() {
        Seen seen = watch();

        bench.run(
                "run",
                "flow.json",
                "-p",
                "a=1",
                "-p",
                "b=x=y",
                "--set",
                "pages.instances=4",
                "--drain",
                "2m",
                "--dead",
                "d.jsonl",
                "--state-dir",
                "state",
                "--event-loops",
                "3");

        assertThat(seen.params).containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "x=y"));
        assertThat(seen.overrides).containsExactlyEntriesOf(Map.of("pages.instances", "4"));
        assertThat(seen.drain).isEqualTo(Duration.ofMinutes(2));
        assertThat(seen.dead).isEqualTo(folder.resolve("d.jsonl"));
        assertThat(bench.opened)
                .isEqualTo(new AppSettings(folder.resolve("state"), OptionalInt.of(3), Optional.empty()));
    }

    @Test
    void begins_anew_only_when_asked_to() {
        List<Boolean> fresh = new ArrayList<>();
        bench.engine = (flow, options) -> {
            fresh.add(options.fresh());
            return new ScriptedRun().done();
        };

        bench.run("run", "flow.json");
        bench.run("run", "flow.json", "--fresh");

        assertThat(fresh).containsExactly(false, true);
    }

    @Test
    void takes_the_address_of_the_store_from_flag_environment_and_settings_in_this_order() {
        bench.file("settings.json", "{ \"state\": { \"postgres\": { \"uri\": \"postgresql://file/db\" } } }");

        bench.run("run", "flow.json", "-c", "settings.json");
        assertThat(bench.opened.store()).contains("postgresql://file/db");

        bench.environment.put("MILLRACE_STORE", "postgresql://environment/db");
        bench.run("run", "flow.json", "-c", "settings.json");
        assertThat(bench.opened.store()).contains("postgresql://environment/db");

        bench.run("run", "flow.json", "-c", "settings.json", "--store", "postgresql://flag/db");
        assertThat(bench.opened.store()).contains("postgresql://flag/db");
    }

    @Test
    void an_address_of_the_store_that_cannot_be_read_is_wrong_usage_and_shows_no_password() {
        bench.file("settings.json", "{ \"state\": { \"postgres\": { \"uri\": \"postgresql://u:hidden@h/d?x=1\" } } }");

        assertThat(bench.run("run", "flow.json", "--store", "mysql://u:hidden@h/d"))
                .isEqualTo(2);
        assertThat(bench.run("run", "flow.json", "-c", "settings.json")).isEqualTo(2);

        assertThat(bench.err().lines().toList())
                .containsExactly(
                        "error: --store: The address does not start with postgresql://."
                                + " Write postgresql://user:password@host/database.",
                        "error: settings.json: /state/postgres/uri: The address has the parameter \"x\", which is not known."
                                + " Write postgresql://user:password@host/database.");
    }

    @Test
    void the_environment_stands_in_for_flags_and_loses_against_them() {
        Seen seen = watch();
        bench.environment.putAll(Map.of(
                "MILLRACE_DRAIN",
                "3s",
                "MILLRACE_DEAD",
                "env.jsonl",
                "MILLRACE_STATE_DIR",
                "env",
                "MILLRACE_PARAM",
                "a=1\nb=2",
                "MILLRACE_SET",
                "pages.rate=5/s"));

        bench.run("run", "flow.json", "-p", "b=flag", "--dead", "flag.jsonl");

        assertThat(seen.params).containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "flag"));
        assertThat(seen.overrides).containsExactlyEntriesOf(Map.of("pages.rate", "5/s"));
        assertThat(seen.drain).isEqualTo(Duration.ofSeconds(3));
        assertThat(seen.dead).isEqualTo(folder.resolve("flag.jsonl"));
        assertThat(bench.opened.stateDir()).isEqualTo(folder.resolve("env"));
    }

    @Test
    void the_settings_file_stands_behind_flags_and_environment() {
        bench.file("millrace.json", "{ \"state\": { \"dir\": \"from-file\" }, /* two */ \"eventLoops\": 2, }");

        bench.run("run", "flow.json", "-c", "millrace.json");
        AppSettings fromFile = bench.opened;
        bench.run("run", "flow.json", "-c", "millrace.json", "--event-loops", "1");

        assertThat(fromFile)
                .isEqualTo(new AppSettings(folder.resolve("from-file"), OptionalInt.of(2), Optional.empty()));
        assertThat(bench.opened.eventLoops()).hasValue(1);
    }

    @Test
    void an_unknown_setting_is_told_with_the_one_that_was_meant() {
        bench.file("millrace.json", "{ \"eventLops\": 2 }");

        int code = bench.run("run", "flow.json", "-c", "millrace.json");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).contains("millrace.json: /eventLops: unknown setting. Did you mean \"eventLoops\"?");
    }

    @Test
    void the_first_signal_drains_and_its_kind_is_the_exit_code() {
        ScriptedRun run = new ScriptedRun();
        bench.engine = (flow, options) -> run;

        int code = alongside(() -> {
            bench.signal(Signals.Kind.TERM);
            run.ends(Outcome.INTERRUPTED, "drained");
        });

        assertThat(run.drained).hasValue("SIGTERM");
        assertThat(code).isEqualTo(143);
        assertThat(bench.err())
                .contains(
                        "stopping: 64 items in flight and 1,024 queued may go on for ",
                        "; press Ctrl-C again to stop at once")
                .contains("interrupted by SIGTERM after 12.3 s: 1,240 items");
        assertThat(bench.halts).isEmpty();
    }

    @Test
    void the_second_signal_ends_the_process_at_once() {
        ScriptedRun run = new ScriptedRun();
        bench.engine = (flow, options) -> run;

        alongside(() -> {
            bench.signal(Signals.Kind.INT);
            bench.signal(Signals.Kind.INT);
            run.ends(Outcome.INTERRUPTED, "");
        });

        assertThat(bench.halts).containsExactly(130);
        assertThat(bench.err())
                .contains("stage      in     out")
                .contains(
                        "stopped at once by SIGINT after 12.3 s: left unfinished 64 items in flight and 1,024 queued, which are in"
                                + " no dead letters\n");
    }

    @Test
    void a_closed_terminal_drains_as_sigterm_does_and_is_named() {
        ScriptedRun run = new ScriptedRun();
        bench.engine = (flow, options) -> run;

        int code = alongside(() -> {
            bench.signal(Signals.Kind.HUP);
            run.ends(Outcome.INTERRUPTED, "");
        });

        assertThat(run.drained).hasValue("SIGHUP");
        assertThat(code).isEqualTo(129);
        assertThat(bench.err())
                .contains(
                        "stopping, for the terminal was closed: 64 items in flight",
                        "interrupted by SIGHUP after 12.3 s");
    }

    @Test
    void flags_before_the_command_count_as_those_behind_it() {
        bench.engine = (flow, options) -> new ScriptedRun().ends(Outcome.FAILED, "port 80 is in use");

        int code = bench.run("-q", "run", "flow.json");

        assertThat(code).isEqualTo(1);
        assertThat(bench.err()).isEqualTo("failed: port 80 is in use. After 12.3 s: 1,240 items\n");
    }

    @Test
    void plugins_are_named_by_flag_environment_and_settings_file_in_this_order() {
        List<Path> plugins = new ArrayList<>();
        bench.loader = request -> {
            plugins.add(request.plugins());
            return LooseFlow.read(request);
        };
        bench.file("millrace.json", "{ \"plugins\": \"file\" }");

        bench.run("run", "flow.json");
        bench.run("run", "flow.json", "-c", "millrace.json");
        bench.environment.put("MILLRACE_PLUGINS", "env");
        bench.run("run", "flow.json", "-c", "millrace.json");
        bench.run("check", "flow.json", "--plugins", "flag");

        assertThat(plugins)
                .containsExactly(
                        folder.resolve("plugins"),
                        folder.resolve("file"),
                        folder.resolve("env"),
                        folder.resolve("flag"));
    }

    @Test
    void the_time_after_which_a_step_is_slow_comes_from_flag_or_settings_file() {
        List<Duration> slow = new ArrayList<>();
        bench.engine = (flow, options) -> {
            slow.add(options.slowStep());
            return new ScriptedRun().done();
        };
        bench.file("millrace.json", "{ \"slowStep\": \"2s\" }");
        bench.file("wrong.json", "{ \"slowStep\": \"soon\" }");

        bench.run("run", "flow.json");
        bench.run("run", "flow.json", "-c", "millrace.json");
        bench.run("run", "flow.json", "--slow-step", "0s");
        int wrong = bench.run("run", "flow.json", "-c", "wrong.json");

        assertThat(slow).containsExactly(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ZERO);
        assertThat(wrong).isEqualTo(2);
        assertThat(bench.err()).contains("wrong.json: /slowStep: \"soon\" is not a duration.");
    }

    @Test
    void calls_that_could_not_be_stopped_are_told_at_the_end() {
        bench.engine = (flow, options) -> ScriptedRun.leavingBehind(2).done();

        bench.run("run", "flow.json");

        assertThat(bench.err())
                .contains(
                        "2 blocking calls of stage `pages` still run after their items were cancelled; nothing stops");
    }

    @Test
    void a_reader_that_goes_away_ends_the_run_quietly_and_costs_no_item() {
        ScriptedRun run = new ScriptedRun();
        List<Boolean> errors = new CopyOnWriteArrayList<>();
        bench.engine = (flow, options) -> {
            options.out().println("{\"n\":1}");
            options.out().println("{\"n\":2}");
            errors.add(options.out().checkError());
            return run;
        };
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        Thread watcher = new Thread(() -> {
            await().until(() -> !run.drained.get().isEmpty());
            run.ends(Outcome.INTERRUPTED, "");
        });
        watcher.start();
        int code = bench.run(gone, "run", "flow.json");

        assertThat(code).isEqualTo(141);
        assertThat(run.drained).hasValue("a closed standard output");
        assertThat(errors).containsExactly(false);
    }

    @Test
    void replays_a_renamed_file_where_new_dead_letters_would_go_to_the_old_one() {
        Seen seen = watch();
        Path old = bench.file("flow.dead.jsonl", "{\"stage\":\"pages\",\"document\":{\"value\":1}}\n");

        int code = bench.run("run", "flow.json", "--replay", "flow.dead.jsonl");

        assertThat(code).isZero();
        assertThat(old).doesNotExist();
        assertThat(seen.replay.orElseThrow().file()).exists().isNotEqualTo(old);
        assertThat(bench.err()).contains("replaying 1 dead letter of flow.dead.jsonl, which is now flow.dead.2");
    }

    @Test
    void replays_another_file_as_it_is() {
        Seen seen = watch();
        Path old = bench.file("old.jsonl", "{\"stage\":\"pages\",\"document\":{\"value\":1}}\n");

        bench.run("run", "flow.json", "--replay", "old.jsonl");

        assertThat(seen.replay.orElseThrow().file()).isEqualTo(old);
    }

    @Test
    void dead_letters_of_a_durable_flow_are_not_replayed_from_a_file() {
        bench.loader = request -> new FlowReader(Catalog.load(), new JqExpressions()).read(request);
        Path letters = bench.file("kept.dead.jsonl", "{\"stage\":\"kept\",\"document\":{\"value\":1}}\n");
        bench.file("kept.json", "{ \"durable\": true, \"source\": { \"values\": [1] } }");

        int code = bench.run("run", "kept.json", "--replay", "kept.dead.jsonl");

        assertThat(code).isEqualTo(2);
        assertThat(letters).exists();
        assertThat(bench.err())
                .contains(
                        "--replay: \"kept\" is durable: its dead letters are not in a file",
                        "millrace dead replay kept --all");
    }

    @Test
    void a_replay_of_nothing_is_wrong_usage() {
        watch();

        int code = bench.run("run", "flow.json", "--replay", "flow.daed.jsonl");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).contains("--replay: there is no file flow.daed.jsonl.");
    }

    @Test
    void with_json_logs_every_line_of_standard_error_is_json() {
        bench.run("run", "flow.json", "--log-format", "json");

        assertThat(bench.err().lines())
                .hasSize(3)
                .allSatisfy(line -> assertThatJson(line).isObject().containsKey("level"));
        assertThat(bench.err()).contains("\"outcome\"", "done in 12.3 s: 1,240 items");
    }

    private int alongside(Runnable action) {
        return alongside("flow.json", action);
    }

    private int alongside(String flow, Runnable action) {
        Thread actor = new Thread(() -> {
            await().until(() -> bench.listening());
            action.run();
        });
        actor.start();
        return bench.run("run", flow);
    }

    private Seen watch() {
        Seen seen = new Seen();
        bench.loader = request -> {
            seen.params = request.params();
            seen.overrides = request.overrides();
            return LooseFlow.read(request);
        };
        bench.engine = (flow, options) -> seen.start(flow, options);
        return seen;
    }

    private static final class Seen {
        Map<String, String> params = Map.of();
        Map<String, String> overrides = Map.of();
        Duration drain = Duration.ZERO;
        Path dead = Path.of("");
        Optional<Replay> replay = Optional.empty();

        ScriptedRun start(CheckedFlow flow, RunOptions options) {
            drain = options.drain();
            dead = options.deadLetters();
            replay = options.replay();
            return new ScriptedRun().done();
        }
    }
}
