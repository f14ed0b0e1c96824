package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cancel} of runs that are under way in no process of this machine. */
class CancelStoredTest {
    @TempDir
    private Path folder;

    private final ModelLedger ledger = new ModelLedger(new ModelStore());
    private Bench bench;

    @BeforeEach
    void set_up() throws IOException {
        bench = new Bench(folder);
        bench.ledger = ledger;
        Files.createDirectory(folder.resolve(".millrace"));
    }

    private LedgerRun open(String flow, String params) {
        RunRequest request = new RunRequest(flow, params, JsonNodeFactory.instance.objectNode(), true, false);
        return ((Opened.Mine) Await.get(ledger.open(request, Presence.UNHEARD))).run();
    }

    private void left(String flow, String params, RunState state) {
        Await.get(open(flow, params).close(state, 0));
    }

    private List<RunState> states() {
        return Await.get(ledger.runs()).stream().map(RunSummary::state).toList();
    }

    @Test
    void a_run_that_no_process_works_on_is_ended_for_good() {
        left("crawl", "p", RunState.UNFINISHED);

        assertThat(bench.run("cancel", "1")).isZero();

        assertThat(bench.err()).isEqualTo("run 1 (crawl) is cancelled; it will not be resumed\n");
        assertThat(states()).containsExactly(RunState.CANCELLED);
        assertThat(Await.get(ledger.runs()).get(0).exitCode()).isEqualTo(130);
        assertThat(bench.closed).isTrue();
    }

    @Test
    void one_that_runs_on_another_machine_too() {
        open("crawl", "p");

        assertThat(bench.run("cancel", "crawl")).isZero();

        assertThat(bench.err())
                .isEqualTo("run 1 (crawl) is cancelled; it will not be resumed."
                        + " It was under way on model, process 1, and stops there now\n");
        assertThat(states()).containsExactly(RunState.CANCELLED);
    }

    @Test
    void the_flow_is_named_by_its_file_as_well() {
        bench.file("jobs.json", "{}");
        left("jobs", "p", RunState.UNFINISHED);

        assertThat(bench.run("cancel", "jobs.json")).isZero();

        assertThat(states()).containsExactly(RunState.CANCELLED);
    }

    @Test
    void what_has_ended_cannot_be_cancelled() {
        left("crawl", "p", RunState.FINISHED);

        assertThat(bench.run("cancel", "crawl")).isEqualTo(2);

        assertThat(bench.err()).isEqualTo("error: run 1 (crawl) is finished: there is nothing to cancel.\n");
    }

    @Test
    void does_not_choose_between_two() {
        left("crawl", "monday", RunState.UNFINISHED);
        left("crawl", "tuesday", RunState.UNFINISHED);

        assertThat(bench.run("cancel", "crawl")).isEqualTo(2);

        assertThat(bench.err())
                .contains(
                        "\"crawl\" has several unfinished runs, with params of their own: 2, 1. Say which by its number");
        assertThat(states()).containsOnly(RunState.UNFINISHED);
    }

    @Test
    void says_that_there_is_no_such_run() {
        left("crawl", "p", RunState.UNFINISHED);

        assertThat(bench.run("cancel", "crwal")).isEqualTo(2);

        assertThat(bench.err()).contains("the store has no run of a flow \"crwal\". Did you mean \"crawl\"?");
    }
}
