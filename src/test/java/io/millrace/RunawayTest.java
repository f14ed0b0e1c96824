package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Millrace;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What never ends, or does not answer, ends in one failure that says so; the items beside it are not harmed. */
class RunawayTest {
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
    void a_program_that_prints_garbage_is_shown() {
        fails("while read -r n; do test $n = 0 && echo no idea || echo $n; done", "BAD_DATA", "no JSON", "no idea");
    }

    @Test
    void a_program_that_dies_tells_its_exit_code_and_its_last_words() {
        fails(
                "while read -r n; do test $n = 0 && echo out of ink >&2 && exit 3; echo $n; done",
                "UNREACHABLE",
                "exit code 3",
                "out of ink");
    }

    @Test
    void a_program_that_hangs_is_ended_by_the_timeout() {
        fails("while read -r n; do test $n = 0 && sleep 100; echo $n; done", "TIMEOUT", "`exec`", "co-process");
    }

    @Test
    void a_program_that_floods_standard_error_and_never_answers_is_ended_as_well() {
        fails("while read -r n; do test $n = 0 && yes flood >&2; echo $n; done", "TIMEOUT", "`exec`", "co-process");
    }

    /** A co-process that answers each item but 0, which is the second. */
    private void fails(String program, String kind, String... words) {
        var run = millrace.run("""
                {'source': {'values': [1, 0, 2]}, 'concurrency': 1,
                 'steps': [{'exec': {'mode': 'coprocess', 'processes': 1, 'window': 1, 'grace': '200ms',
                                     'command': ['sh', '-c', 'PROGRAM'], 'input': '${.value}'},
                            'timeout': '2s', 'as': 'answer'}]}
                """.replace("PROGRAM", program));

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.lines())
                .extracting(line -> line.get("answer").intValue())
                .containsExactly(1, 2);
        isOne(run, kind, words);
    }

    @Test
    void a_program_that_floods_standard_error_for_its_item_alone_is_a_LIMIT() {
        var run = millrace.run("{'source': {'values': [1]}, 'steps': [{'exec': ['sh', '-c', 'yes flood >&2']}]}");

        isOne(run, "LIMIT", "standard error", "maxOutput");
    }

    @Test
    void a_repetition_without_an_end_is_a_LIMIT_that_tells_its_condition() {
        var run = millrace.run(
                "{'source': {'values': [1]}, 'steps': [{'repeat': {'until': '.done', 'do': [{'set': {'n': 1}}]}}]}");

        isOne(run, "LIMIT", "1000 rounds", ".done", "max");
    }

    @Test
    void a_function_that_calls_itself_for_ever_is_a_LIMIT() {
        var run = millrace.run(
                "{'functions': {'f': [{'call': 'f'}]}, 'source': {'values': [1]}, 'steps': [{'call': 'f'}]}");

        isOne(run, "LIMIT", "200 deep", "function");
    }

    private static void isOne(Millrace.Outcome run, String kind, String... words) {
        assertThat(run.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.at("/error/kind").textValue()).isEqualTo(kind);
            assertThat(letter.at("/error/message").textValue()).contains(words);
        });
    }

    @Test
    void a_cycle_that_yields_more_than_it_works_off_fails_the_run_at_its_bound_and_does_not_go_on_growing() {
        var run = millrace.run("""
                {'stages': {
                  'main': {'source': {'values': [{'n': 0}]}, 'to': 'again'},
                  'again': {'queue': {'bytes': '256KB'}, 'sink': 'discard',
                            'steps': [{'emit': {'to': 'again', 'each': 'range(20)', 'item': {'n': '${.}'}}}]}}}
                """);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).contains("\"again\"", "256KB", "queue.bytes");
        assertThat(run.deadLetters().size()).isLessThan(100_000);
    }
}
