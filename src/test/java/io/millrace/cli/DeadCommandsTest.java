package io.millrace.cli;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dead} and its commands, on the model of a store. */
class DeadCommandsTest {
    @TempDir
    Path folder;

    private final ModelStore store = new ModelStore();
    private final ModelLedger ledger = new ModelLedger(store);
    private Bench bench;

    @BeforeEach
    void set_up() throws IOException {
        bench = new Bench(folder);
        bench.ledger = ledger;
        Files.createDirectory(folder.resolve(".millrace"));
    }

    private LedgerRun open(String flow, boolean fresh) {
        RunRequest request = new RunRequest(flow, "p", object(), fresh, false);
        return ((Opened.Mine) Await.get(ledger.open(request, Presence.UNHEARD))).run();
    }

    /** A finished run with these letters; gives its number. */
    private long finished(String flow, DeadLetter... letters) {
        LedgerRun run = open(flow, true);
        Await.get(run.commit(Commit.NOTHING.withDead(List.of(letters))));
        Await.get(run.close(RunState.FINISHED, 3));
        return run.id();
    }

    private static DeadLetter letter(String stage, String kind, String message) {
        ObjectNode error = object().put("kind", kind).put("message", message).put("step", stage + "/http");
        return new DeadLetter(stage, object().put("url", "http://a/" + message), error, object().put("id", "1-2"));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private List<Long> left(long run) {
        return Await.get(ledger.deadLetters(run, -1, 1000)).stream()
                .map(KeptLetter::id)
                .toList();
    }

    private List<String> out() {
        return bench.out().lines().toList();
    }

    private List<String> err() {
        return bench.err().lines().toList();
    }

    @Test
    void tells_its_commands_when_called_bare() {
        assertThat(bench.run("dead")).isZero();

        assertThat(bench.out()).contains("list", "show", "replay", "drop", "NAME.dead.jsonl");
    }

    @Test
    void lists_letters_in_a_table_each_on_one_line() {
        long run = finished("crawl", letter("pages", "TIMEOUT", "no answer\nin 10 s"), letter("rows", "BAD_DATA", "x"));

        int code = bench.run("dead", "list");

        assertThat(code).isZero();
        assertThat(out()).hasSize(3);
        assertThat(out().get(0)).matches("id +run +flow +stage +at +error");
        assertThat(out().get(1))
                .matches("\\d+ +" + run
                        + " +crawl +pages +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d +TIMEOUT: no answer in 10 s");
    }

    @Test
    void lists_letters_as_json_with_everything_that_a_filter_sees() {
        long run = finished("crawl", letter("pages", "TIMEOUT", "late"));
        long id = left(run).get(0);

        bench.run("dead", "list", "--json");

        assertThatJson(bench.out().strip())
                .isEqualTo("{ id: " + id + ", run: " + run
                        + ", flow: 'crawl', stage: 'pages', at: '${json-unit.any-string}',"
                        + " error: { kind: 'TIMEOUT', message: 'late', step: 'pages/http' }, meta: { id: '1-2' },"
                        + " document: { url: 'http://a/late' } }");
    }

    @Test
    void lists_those_of_a_flow_or_a_run_that_pass_a_filter() {
        long one = finished("crawl", letter("pages", "TIMEOUT", "a"), letter("pages", "REJECTED", "b"));
        finished("other", letter("pages", "TIMEOUT", "c"));

        bench.run("dead", "list", "crawl", "--filter", ".error.kind == 'TIMEOUT'", "--json");
        bench.run("dead", "list", String.valueOf(one), "--filter", ".document.url | endswith('b')", "--json");

        assertThat(out()).hasSize(2);
        assertThat(out().get(0)).contains("http://a/a");
        assertThat(out().get(1)).contains("http://a/b");
    }

    @Test
    void finds_the_flow_of_a_file_by_the_name_in_it() {
        bench.file("jobs.json", "{}");
        finished("jobs", letter("pages", "TIMEOUT", "a"));
        finished("other", letter("pages", "TIMEOUT", "b"));

        bench.run("dead", "list", "jobs.json", "--json");

        assertThat(out()).hasSize(1);
    }

    @Test
    void says_that_there_are_more_than_it_lists() {
        DeadLetter[] letters = IntStream.range(0, 1200)
                .mapToObj(n -> letter("pages", "TIMEOUT", "m" + n))
                .toArray(DeadLetter[]::new);
        finished("crawl", letters);

        bench.run("dead", "list");
        assertThat(out()).hasSize(51);
        assertThat(err()).containsExactly("there are more: --limit N shows as many as you say");

        bench.run("dead", "list", "--json");
        assertThat(out()).hasSize(51 + 1200);

        bench.run("dead", "list", "--json", "--limit", "7");
        assertThat(out()).hasSize(51 + 1200 + 7);
    }

    @Test
    void says_when_there_are_none() {
        finished("crawl");

        assertThat(bench.run("dead", "list")).isZero();
        assertThat(bench.run("dead", "list", "crawl", "--filter", "true")).isZero();

        assertThat(bench.out()).isEmpty();
        assertThat(err()).containsExactly("there are no dead letters", "no dead letter passes the filter");
    }

    @Test
    void a_filter_that_cannot_be_read_or_fails_is_wrong_usage() {
        finished("crawl", letter("pages", "TIMEOUT", "a"));

        assertThat(bench.run("dead", "list", "--filter", ".error |")).isEqualTo(2);
        assertThat(bench.run("dead", "list", "--filter", "$params.x")).isEqualTo(2);
        assertThat(bench.run("dead", "drop", "--filter", ".stage + 1")).isEqualTo(2);

        assertThat(err()).hasSize(3);
        assertThat(err().get(0)).startsWith("error: --filter: ");
        assertThat(err().get(1))
                .isEqualTo("error: --filter: there is no $params here."
                        + " A letter has .id .run .flow .stage .at .error .meta .document.");
        assertThat(err().get(2))
                .startsWith("error: --filter fails on dead letter ")
                .endsWith("Nothing was changed.");
    }

    @Test
    void names_the_flows_there_are_for_one_that_there_is_not() {
        finished("crawl");
        finished("orders");

        assertThat(bench.run("dead", "list", "crwal")).isEqualTo(2);
        assertThat(bench.run("dead", "list", "xyz")).isEqualTo(2);
        assertThat(bench.run("dead", "list", "99")).isEqualTo(2);

        assertThat(err())
                .containsExactly(
                        "error: the store has no run of a flow \"crwal\". Did you mean \"crawl\"?",
                        "error: the store has no run of a flow \"xyz\". It has runs of crawl, orders.",
                        "error: the store has no run 99. It has runs of crawl, orders.");
    }

    @Test
    void shows_a_letter() {
        finished("other", letter("pages", "TIMEOUT", "a"));
        long run = finished("crawl", letter("pages", "TIMEOUT", "b"), letter("pages", "TIMEOUT", "c"));
        long id = left(run).get(1);

        assertThat(bench.run("dead", "show", String.valueOf(id))).isZero();

        assertThatJson(bench.out()).node("document.url").isEqualTo("http://a/c");
        assertThat(out().size()).isGreaterThan(8);
    }

    @Test
    void says_when_there_is_no_letter_of_that_number() {
        finished("crawl", letter("pages", "TIMEOUT", "a"));

        assertThat(bench.run("dead", "show", "999")).isEqualTo(2);
        assertThat(bench.run("dead", "drop", "crawl")).isEqualTo(2);

        assertThat(err())
                .containsExactly(
                        "error: there is no dead letter 999. `millrace dead list` shows those there are.",
                        "error: \"crawl\" is not the number of a dead letter."
                                + " For those of a flow or run write `crawl --all`, or --filter JQ in place of --all.");
    }

    @Test
    void replays_letters_to_the_stages_where_they_failed() {
        long run = finished(
                "crawl",
                letter("pages", "TIMEOUT", "a"),
                letter("pages", "TIMEOUT", "b"),
                letter("rows", "BAD_DATA", "c"));
        List<Long> ids = left(run);

        int code = bench.run("dead", "replay", ids.get(0).toString(), ids.get(1).toString());

        assertThat(code).isZero();
        assertThat(err())
                .containsExactly("2 dead letters of run " + run + " go back to stage \"pages\";"
                        + " run the flow \"crawl\" again, with the same params, to have them worked on");
        assertThat(left(run)).containsExactly(ids.get(2));
        LedgerRun again = open("crawl", false);
        assertThat(again.id()).isEqualTo(run);
        assertThat(Await.get(again.backlog())).isEqualTo(Map.of("pages", 2L));
    }

    @Test
    void replays_all_of_a_flow_and_says_how_to_go_on() {
        bench.file("crawl.json", "{}");
        long run = finished("crawl", letter("pages", "TIMEOUT", "a"), letter("rows", "BAD_DATA", "c"));

        bench.run("dead", "replay", "crawl.json", "--all");

        assertThat(err())
                .containsExactly("2 dead letters of run " + run + " go back to their stages (pages 1, rows 1);"
                        + " `millrace run crawl.json`, with the same params, works on them");
        assertThat(left(run)).isEmpty();
    }

    @Test
    void tells_that_a_run_under_way_works_on_what_is_replayed() {
        LedgerRun run = open("crawl", false);
        Await.get(run.commit(Commit.NOTHING.withDead(List.of(letter("pages", "TIMEOUT", "a")))));

        bench.run("dead", "replay", "--filter", ".stage == 'pages'");

        assertThat(err().get(0))
                .startsWith("1 dead letter of run 1 goes back to stage \"pages\"; the run is under way on model");
    }

    @Test
    void keeps_letters_that_nobody_would_work_on() {
        long old = finished("crawl", letter("pages", "TIMEOUT", "a"));
        LedgerRun cancelled = open("crawl", true);
        Await.get(cancelled.commit(Commit.NOTHING.withDead(List.of(letter("pages", "TIMEOUT", "b")))));
        Await.get(cancelled.close(RunState.CANCELLED, 1));

        assertThat(bench.run("dead", "replay", "--all")).isZero();

        assertThat(err())
                .containsExactly(
                        "run " + old + " is not gone on with, as run " + cancelled.id()
                                + " of the same flow is newer: its dead letters stay; `millrace dead drop` throws them away",
                        "run " + cancelled.id()
                                + " was cancelled: its dead letters stay; `millrace dead drop` throws them away");
        assertThat(left(old)).hasSize(1);
        assertThat(left(cancelled.id())).hasSize(1);
    }

    @Test
    void does_not_replay_what_never_was_an_item() {
        DeadLetter line = letter("urls", "BAD_DATA", "no JSON");
        line.error().put("step", "urls/source");
        long run = finished("crawl", line, letter("pages", "TIMEOUT", "a"));

        bench.run("dead", "replay", "--all");

        assertThat(err().get(0)).startsWith("1 record of run " + run + " that a source could not read cannot be run");
        assertThat(err().get(1)).startsWith("1 dead letter of run " + run + " goes back to stage \"pages\"");
        assertThat(left(run)).hasSize(1);
    }

    @Test
    void drops_letters() {
        long run = finished("crawl", letter("pages", "TIMEOUT", "a"), letter("rows", "BAD_DATA", "c"));
        long other = finished("other", letter("pages", "TIMEOUT", "a"));

        bench.run("dead", "drop", "crawl", "--filter", ".stage == 'rows'");
        assertThat(left(run)).hasSize(1);
        bench.run("dead", "drop", "--all");

        assertThat(left(run)).isEmpty();
        assertThat(left(other)).isEmpty();
        assertThat(err())
                .containsExactly(
                        "1 dead letter of run " + run + " (crawl) is gone",
                        "1 dead letter of run " + run + " (crawl) is gone",
                        "1 dead letter of run " + other + " (other) is gone");
    }

    @Test
    void does_nothing_to_letters_unless_told_which() {
        for (String[] wrong : new String[][] {
            {"dead", "drop"}, {"dead", "drop", "--all", "--filter", "true"}, {"dead", "replay", "1", "2", "--all"}
        }) {
            assertThat(bench.run(wrong)).as(Arrays.toString(wrong)).isEqualTo(2);
        }

        assertThat(err())
                .containsExactly(
                        "error: say which dead letters: numbers, --filter JQ or --all.",
                        "error: --filter and --all exclude each other.",
                        "error: --filter and --all take one flow or run.");
    }

    @Test
    void starts_nothing_where_there_is_no_store_yet() {
        for (String command : List.of("list", "drop", "replay")) {
            String[] args = command.equals("list")
                    ? new String[] {"dead", "list", "--state-dir", "none"}
                    : new String[] {"dead", command, "--all", "--state-dir", "none"};
            assertThat(bench.run(args)).isZero();
        }

        assertThat(bench.closed).isFalse();
        assertThat(err())
                .hasSize(3)
                .allMatch(line -> line.equals("there is no store yet: no durable flow has kept anything in none."
                        + " --state-dir or --store names another."));
    }

    @Test
    void opens_the_store_that_the_user_names_and_closes_it() {
        bench.run("dead", "list", "--store", "postgresql://h/d", "--state-dir", "none");

        assertThat(bench.opened.store()).contains("postgresql://h/d");
        assertThat(bench.closed).isTrue();
    }

    @Test
    void a_store_that_cannot_be_reached_is_told_and_gives_exit_code_1() {
        bench.ledger = null;

        assertThat(bench.run("dead", "list")).isEqualTo(1);

        assertThat(err()).containsExactly("error: the store cannot be asked: no store on this bench");
        assertThat(bench.closed).isTrue();
    }
}
