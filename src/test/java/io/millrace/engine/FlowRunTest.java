package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.RunResult.Outcome;
import io.millrace.testkit.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, in this process, of flows that need no network. */
class FlowRunTest {
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
    void prints_json_lines_and_ends() {
        var run = millrace.run("{'source': {'range': 3}}");

        assertThat(run.out()).isEqualTo("{\"value\":0}\n{\"value\":1}\n{\"value\":2}\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void counts_every_item_of_every_stage() {
        var run = millrace.run("""
                {'stages': {
                  'numbers': {'source': {'range': 1000}, 'instances': 2, 'to': 'even'},
                  'even': {'instances': 2, 'steps': [{'filter': '.value % 2 == 0'}], 'to': 'out'},
                  'out': {'sink': 'discard'}}}
                """);

        var even = stage(run, "even");
        assertThat(even.in()).isEqualTo(1000);
        assertThat(even.dropped()).isEqualTo(500);
        assertThat(even.out()).isEqualTo(500);
        assertThat(stage(run, "out").out()).isEqualTo(500);
    }

    @Test
    void gives_a_copy_to_each_stage_of_a_list() {
        var run = millrace.run("""
                {'stages': {
                  'numbers': {'source': {'range': 2}, 'to': ['a', 'b']},
                  'a': {'steps': [{'set': {'by': 'a'}}], 'to': 'out'},
                  'b': {'steps': [{'set': {'by': 'b'}}], 'to': 'out'},
                  'out': {'sink': 'stdout'}}}
                """);

        assertThat(run.out().lines())
                .containsExactlyInAnyOrder(
                        "{\"value\":0,\"by\":\"a\"}",
                        "{\"value\":1,\"by\":\"a\"}",
                        "{\"value\":0,\"by\":\"b\"}",
                        "{\"value\":1,\"by\":\"b\"}");
    }

    @Test
    void sends_by_the_first_rule_that_matches_and_fails_where_none_does() {
        var run = millrace.run("""
                {'stages': {
                  'numbers': {'source': {'range': 4}, 'to': [
                      {'when': '.value == 0', 'to': 'discard'}, {'when': '.value < 3', 'to': 'out'}]},
                  'out': {'sink': 'stdout'}}}
                """);

        assertThat(run.out()).isEqualTo("{\"value\":1}\n{\"value\":2}\n");
        assertThat(run.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.at("/document/value").intValue()).isEqualTo(3);
            assertThat(letter.at("/error/message").textValue()).contains("No rule of `to` matches");
        });
    }

    @Test
    void keeps_the_order_where_it_is_asked_for_though_items_take_different_times() {
        var run = millrace.start("""
                {"source": {"range": 40}, "ordered": true, "concurrency": 10,
                 "steps": [{"sleep": "${((.value * 7) % 11 | tostring) + 'ms'}"}]}
                """).await();

        assertThat(values(run)).isSorted().hasSize(40);
    }

    @Test
    void ends_a_cycle_that_fans_out_through_a_tiny_queue() {
        var run = millrace.start("""
                {"stages": {
                  "seed": {"source": {"values": [{"n": 4}]}, "to": "tree"},
                  "tree": {"queue": {"capacity": 2}, "concurrency": 2,
                           "steps": [{"emit": {"to": "tree", "each": "select(.n > 0) | (.n - 1) as $n | range(3) | {n: $n}"}}],
                           "to": "out"},
                  "out": {"queue": {"capacity": 2}, "sink": "stdout"}}}
                """).await();

        assertThat(run.lines()).hasSize(1 + 3 + 9 + 27 + 81);
    }

    @Test
    void fails_a_cycle_that_yields_more_than_it_works_off() {
        var run = millrace.start("""
                {"stages": {
                  "seed": {"source": {"values": [{"n": 0}]}, "to": "loop"},
                  "loop": {"queue": {"capacity": 8, "bytes": "64KB"}, "concurrency": 1,
                           "steps": [{"sleep": "1ms"}, {"emit": {"to": "loop", "each": "., ."}}], "to": "out"},
                  "out": {"sink": "discard"}},
                 "limits": {"time": "20s"}}
                """).await();

        assertThat(run.result().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(run.result().reason()).contains("\"loop\"").contains("queue.bytes");
    }

    @Test
    void drops_what_was_seen_before() {
        var run = millrace.run("""
                {'stages': {
                  'numbers': {'source': {'range': 100}, 'to': 'once'},
                  'once': {'instances': 2, 'queue': {'unique': '.value % 7'}, 'sink': 'stdout'}}}
                """);

        assertThat(run.lines()).hasSize(7);
        assertThat(stage(run, "once").dropped()).isEqualTo(93);
    }

    @Test
    void starts_a_source_when_the_stages_it_comes_after_have_settled_and_their_files_are_closed() {
        var run = millrace.run("""
                {'stages': {
                  'write': {'source': {'range': 5}, 'steps': [{'sleep': '20ms'}], 'sink': {'jsonl': 'numbers.jsonl'}},
                  'read': {'source': {'jsonl': 'numbers.jsonl'}, 'after': ['write'], 'sink': 'stdout'}}}
                """);

        assertThat(run.result().reason()).isEmpty();
        assertThat(values(run)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void does_not_start_what_comes_after_a_stage_of_a_failed_run() {
        var run = millrace.run("""
                {'stages': {
                  'bad': {'source': {'range': 5}, 'steps': [{'raise': 'no'}], 'onError': 'stop', 'sink': 'discard'},
                  'next': {'source': {'range': 5}, 'after': ['bad'], 'sink': 'stdout'}}}
                """);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void keeps_a_dead_letter_for_each_failure_and_goes_on() {
        var run = millrace.run("""
                {'name': 'letters', 'source': {'range': 4}, 'steps': [
                   {'set': {'half': '${.value / 2}'}},
                   {'raise': 'odd ${.value}', 'when': '.value % 2 == 1', 'name': 'check'}]}
                """);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.lines()).hasSize(2);
        assertThat(run.deadLetters()).hasSize(2).first().satisfies(letter -> {
            assertThat(letter.get("document").toString()).isEqualTo("{\"value\":1}");
            assertThat(letter.get("stage").textValue()).isEqualTo("letters");
            assertThat(letter.at("/error/kind").textValue()).isEqualTo("BAD_DATA");
            assertThat(letter.at("/error/message").textValue()).isEqualTo("odd 1");
            assertThat(letter.at("/error/step").textValue()).contains("check");
            assertThat(letter.at("/error/attempts").intValue()).isEqualTo(1);
            assertThat(letter.at("/meta/position").isNumber()).isTrue();
        });
    }

    @Test
    void stops_at_the_first_failure_where_the_flow_says_so() {
        var run = millrace.run("""
                {'source': {'range': 100000}, 'concurrency': 1, 'steps': [{'raise': 'no', 'when': '.value == 10'}],
                 'onError': 'stop', 'sink': 'discard'}
                """);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).contains("no");
        assertThat(run.result().last().read()).isLessThan(100_000);
    }

    @Test
    void counts_what_is_dropped_on_error_without_a_letter() {
        var run = millrace.run("""
                {'source': {'range': 4}, 'steps': [{'raise': 'no', 'when': '.value == 1'}], 'onError': 'drop'}
                """);

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(3);
        assertThat(stage(run, "flow").failed()).isEqualTo(1);
    }

    @Test
    void ends_well_when_its_sources_have_yielded_the_items_allowed() {
        var run = millrace.run("{'source': {'range': 1000}, 'limits': {'items': 7}}");

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(7);
    }

    @Test
    void fails_when_more_items_fail_than_allowed() {
        var run = millrace.run("""
                {'source': {'range': 1000}, 'steps': [{'raise': 'no'}], 'limits': {'failures': 5}, 'sink': 'discard'}
                """);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).contains("more than 5 items failed");
    }

    @Test
    void fails_when_it_takes_longer_than_allowed_and_keeps_what_was_under_way() {
        var run = millrace.drain(Duration.ofMillis(100)).run("""
                {'source': {'range': 3}, 'steps': [{'sleep': '1h'}], 'limits': {'time': '200ms'}, 'sink': 'discard'}
                """);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).contains("limits.time");
        assertThat(run.deadLetters())
                .hasSize(3)
                .allSatisfy(letter ->
                        assertThat(letter.at("/error/kind").textValue()).isEqualTo("CANCELLED"));
    }

    @Test
    void ends_when_it_is_interrupted_before_it_has_begun() {
        var run = millrace.start("{\"source\": {\"range\": 1000000000}, \"sink\": \"discard\"}");

        run.run().drain("SIGTERM");

        assertThat(run.await().result().outcome()).isEqualTo(Outcome.INTERRUPTED);
    }

    @Test
    void drains_what_is_in_flight_when_it_is_interrupted() {
        Millrace.Started started = millrace.start("""
                {"source": {"timer": "1ms"}, "concurrency": 100, "steps": [{"sleep": "50ms"}], "sink": "discard"}
                """);

        org.awaitility.Awaitility.await().until(() -> started.run().snapshot().read() > 20);
        started.run().drain("SIGINT");
        var run = started.await();

        assertThat(run.exitCode()).isEqualTo(130);
        assertThat(run.deadLetters()).isEmpty();
        assertThat(stage(run, "flow").out()).isEqualTo(stage(run, "flow").in());
    }

    @Test
    void keeps_what_does_not_end_within_the_drain_time_as_cancelled() {
        Millrace.Started started = millrace.drain(Duration.ofMillis(50)).start("""
                {"source": {"range": 50}, "concurrency": 4, "steps": [{"sleep": "1h"}], "sink": "discard"}
                """);

        org.awaitility.Awaitility.await()
                .until(() -> started.run().snapshot().stages().stream().anyMatch(stage -> stage.inFlight() == 4));
        started.run().drain("SIGINT");
        var run = started.await();

        assertThat(run.deadLetters()).hasSize(50);
    }

    @Test
    void reports_a_source_that_cannot_be_opened_once_and_has_done_nothing() {
        var run = millrace.run("""
                {'source': {'lines': 'missing.txt'}, 'sink': {'jsonl': 'out.jsonl'}}
                """);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).contains("missing.txt");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void reports_a_sink_that_cannot_be_opened_once() throws IOException {
        Files.createDirectory(directory.resolve("out.jsonl"));

        var run = millrace.run("{'source': {'range': 5}, 'sink': {'jsonl': 'out.jsonl'}}");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).contains("out.jsonl");
    }

    @Test
    void collects_groups_by_count_and_lets_the_rest_go_at_the_end() {
        var run = millrace.run("""
                {'source': {'range': 10}, 'steps': [
                   {'collect': {'by': '.value % 3', 'items': 3}},
                   {'map': {'key': '${.key}', 'n': '${.count}', 'values': '${[.items[].value]}'}}]}
                """);

        assertThat(run.out().lines())
                .containsExactlyInAnyOrder(
                        "{\"key\":0,\"n\":3,\"values\":[0,3,6]}",
                        "{\"key\":1,\"n\":3,\"values\":[1,4,7]}",
                        "{\"key\":2,\"n\":3,\"values\":[2,5,8]}",
                        "{\"key\":0,\"n\":1,\"values\":[9]}");
    }

    @Test
    void lets_groups_go_at_the_end_only_when_nothing_can_join_them_any_more() {
        var run = millrace.run("""
                {'stages': {
                  'all': {'steps': [{'collect': {}}, {'map': {'groups': '${.count}'}}], 'sink': 'stdout'},
                  'fives': {'source': {'range': 10}, 'steps': [{'collect': {'items': 7}}], 'to': 'all'},
                  'ones': {'source': {'range': 3}, 'to': 'all'}}}
                """);

        assertThat(run.out()).isEqualTo("{\"groups\":5}\n");
    }

    @Test
    void runs_the_steps_of_a_function_in_the_pool_of_each_caller() {
        var run = millrace.run("""
                {'functions': {'nap': [{'sleep': '1ms'}, {'gather': [[{'sleep': '1ms'}]]}, {'map': {'n': '${.value + 1}'}}]},
                 'source': {'range': 3}, 'ordered': true,
                 'steps': [{'call': 'nap', 'blocking': true}, {'call': 'nap', 'as': 'again'},
                           {'map': {'a': '${.call.n}', 'b': '${.again.n}'}}]}
                """);

        assertThat(run.out()).isEqualTo("{\"a\":1,\"b\":1}\n{\"a\":2,\"b\":2}\n{\"a\":3,\"b\":3}\n");
    }

    @Test
    void shows_no_secret_in_dead_letters_or_reasons() {
        var run = millrace.run("""
                {'params': {'key': {'type': 'secret', 'default': 'hunter2'}},
                 'source': {'range': 1}, 'onError': 'stop',
                 'steps': [{'raise': 'no entry with ${$params.key}'}]}
                """);

        assertThat(run.result().reason()).contains("no entry with ***");
        assertThat(run.deadLetters().toString()).contains("no entry with ***").doesNotContain("hunter2");
        assertThat(run.result().last().firstDeadLetter()).doesNotContain("hunter2");
    }

    @Test
    void splits_an_item_and_fails_its_parts_apart() {
        var run = millrace.run("""
                {'source': {'values': [{'id': 1, 'xs': [1, 2, 3]}]}, 'steps': [
                   {'split': '.xs[]', 'as': 'x'},
                   {'raise': 'two', 'when': '.x == 2'},
                   {'map': {'id': '${.id}', 'x': '${.x}'}}]}
                """);

        assertThat(run.out().lines()).containsExactlyInAnyOrder("{\"id\":1,\"x\":1}", "{\"id\":1,\"x\":3}");
        assertThat(run.deadLetters())
                .singleElement()
                .satisfies(letter ->
                        assertThat(letter.at("/document/x").intValue()).isEqualTo(2));
    }

    @Test
    void retries_an_item_of_a_stage_without_holding_a_slot() {
        var run = millrace.run("""
                {'source': {'range': 3}, 'concurrency': 1, 'ordered': false,
                 'retry': {'attempts': 3, 'backoff': '1ms', 'on': ['BAD_DATA']},
                 'steps': [{'raise': 'not yet', 'when': '$meta.attempt < 3'}]}
                """);

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(3);
        assertThat(stage(run, "flow").retried()).isEqualTo(6);
    }

    @Test
    void runs_items_of_one_key_one_after_another() {
        var run = millrace.run("""
                {'source': {'range': 60}, 'instances': 2, 'concurrency': 16, 'queue': {'key': '.value % 3'},
                 'steps': [{'sleep': '2ms', 'when': '.value % 2 == 0'}]}
                """);

        for (int key = 0; key < 3; key++) {
            int of = key;
            assertThat(values(run).stream().filter(value -> value % 3 == of))
                    .isSorted()
                    .hasSize(20);
        }
    }

    @Test
    void starts_no_more_items_than_the_rate_allows() {
        var run = millrace.run("{'source': {'range': 11}, 'rate': '100/s', 'sink': 'discard'}");

        assertThat(run.result().last().elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(95));
    }

    @Test
    void works_when_every_queue_holds_one_item_of_any_size() {
        var run = millrace.run("""
                {'stages': {
                  'a': {'source': {'range': 50}, 'queue': {'capacity': 1, 'bytes': '1B'}, 'to': ['b', 'c']},
                  'b': {'queue': {'capacity': 1, 'bytes': '1B'}, 'to': 'd'},
                  'c': {'queue': {'capacity': 1, 'bytes': '1B'}, 'instances': 2, 'to': 'd'},
                  'd': {'queue': {'capacity': 1, 'bytes': '1B'}, 'sink': 'discard'}}}
                """);

        assertThat(stage(run, "d").out()).isEqualTo(100);
    }

    private static RunSnapshot.StageSnapshot stage(Millrace.Outcome run, String name) {
        return run.result().last().stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Integer> values(Millrace.Outcome run) {
        return run.lines().stream()
                .map(line -> line.get("value"))
                .map(JsonNode::intValue)
                .toList();
    }
}
