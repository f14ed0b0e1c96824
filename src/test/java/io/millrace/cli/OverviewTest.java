package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.control.LocalRuns.Found;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.RunWork;
import io.millrace.testkit.TestJson;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What processes here say of a run and what the store knows of it, put together. */
class OverviewTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:30Z");

    private static final String VIEW = """
            {"id": "a2f8-1", "flow": "crawl", "state": "running", "pid": 42, "elapsedMs": 5000, "read": 100, "expected": 150,
             "deadLetters": 1, "store": "S", "run": 17, "done": 80, "stages": [
               {"name": "urls", "in": 100, "out": 100, "failed": 0, "inFlight": 0, "queued": 0, "stored": 0, "last": false},
               {"name": "pages", "in": 60, "out": 44, "failed": 6, "inFlight": 10, "queued": 30, "stored": 70, "last": false},
               {"name": "parse", "in": 44, "out": 40, "failed": 0, "inFlight": 4, "queued": 0, "stored": 0, "last": true}]}""";

    private static Found found(String view) {
        return new Found(Path.of("s"), json(view));
    }

    private static JsonNode json(String text) {
        return TestJson.read(text);
    }

    /** Two processes work on it, one of them here. */
    private static final RunWork WORK = new RunWork(
            new RunSummary(17, "crawl", "p", RunState.UNFINISHED, 0, NOW.minusSeconds(30), null, 3, "here"),
            Map.of("records", 500L, "records urls", 100L, "records pages", 400L),
            List.of(new RunWork.Reading("urls", "", 100, 5, false)),
            Map.of("pages", new RunWork.Rows(90, 8)),
            Map.of("pages", 3L),
            List.of(),
            List.of(
                    new RunWork.Hand("here", 42, Duration.ofSeconds(1), List.of("source urls"), Map.of("pages", 40L)),
                    new RunWork.Hand("there", 42, Duration.ofSeconds(2), List.of(), Map.of("pages", 20L))));

    @Test
    void a_run_that_is_here_and_in_the_store_is_one() {
        List<TopRun> runs = Overview.of(List.of(found(VIEW)), List.of(WORK), "S", "here", NOW);

        assertThat(runs).hasSize(1);
        TopRun run = runs.get(0);
        assertThat(run.id()).isEqualTo("17");
        assertThat(run.state()).isEqualTo("running");
        assertThat(run.elapsed()).isEqualTo(Duration.ofSeconds(30));
        assertThat(run.done()).isEqualTo(500);
        assertThat(run.pending()).as("50 not read, 5 open, 90 queued").isEqualTo(145);
        assertThat(run.dead()).isEqualTo(3);
        assertThat(run.stages())
                .containsExactly(
                        new TopRun.Stage("urls", 0, 0, 0, 100, 0, 0),
                        // 10 here and 20 there; 30 in memory here, and of 90 rows those that are neither claimed nor
                        // due later
                        new TopRun.Stage("pages", 30, 52, 8, 400, 6, 3),
                        new TopRun.Stage("parse", 4, 0, 0, 40, 0, 0));
        assertThat(run.hands())
                .extracting(hand -> hand.host() + ":" + hand.pid() + " " + hand.does())
                .containsExactly("here:42 [reads urls, 40 items of pages]", "there:42 [20 items of pages]");
    }

    @Test
    void a_run_of_the_same_number_in_another_store_is_another() {
        List<TopRun> runs = Overview.of(List.of(found(VIEW)), List.of(WORK), "T", "here", NOW);

        assertThat(runs).hasSize(2);
        TopRun near = runs.get(1);
        assertThat(near.done()).isEqualTo(80);
        assertThat(near.pending()).as("50 not read, 4 and 70 on their way").isEqualTo(124);
        assertThat(near.stages().get(1)).isEqualTo(new TopRun.Stage("pages", 10, 60, 0, 50, 6, 0));
    }

    @Test
    void two_processes_here_that_share_a_run_are_one_run() {
        String other = VIEW.replace("a2f8-1", "b3c9-2").replace("\"pid\": 42", "\"pid\": 43");

        List<TopRun> runs = Overview.of(List.of(found(VIEW), found(other)), List.of(), "", "here", NOW);

        assertThat(runs).hasSize(1);
        assertThat(runs.get(0).hands()).extracting(TopRun.Hand::pid).containsExactly(42L, 43L);
        assertThat(runs.get(0).stages().get(2).inFlight()).isEqualTo(8);
    }

    @Test
    void a_run_all_of_whose_processes_are_silent_is_told_so() {
        RunWork silent = new RunWork(
                WORK.run(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(new RunWork.Hand("there", 1, Duration.ofSeconds(31), List.of(), Map.of())));

        assertThat(Overview.of(List.of(), List.of(silent), "S", "here", NOW)
                        .get(0)
                        .state())
                .isEqualTo("silent");
    }
}
