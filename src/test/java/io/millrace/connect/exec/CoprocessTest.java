package io.millrace.connect.exec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Step;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoprocessTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private @Nullable TestAssembly assembly;

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        TestAssembly used = assembly;
        if (used != null) {
            Await.get(used.close());
        }
        Await.get(vertx.close());
    }

    @Test
    void answers_each_item_with_the_line_that_comes_for_it() {
        Step step = coprocess("['cat']", "");

        List<Future<JsonNode>> results = IntStream.range(0, 2000)
                .mapToObj(i -> start(step, "{i: " + i + "}").result)
                .toList();

        for (int i = 0; i < results.size(); i++) {
            assertThat(Await.get(results.get(i)).get("i").intValue()).isEqualTo(i);
        }
    }

    @Test
    void moves_large_documents_both_ways_without_deadlock() {
        Step step = coprocess("['cat']", ", processes: 1, window: 8");
        String large = "x".repeat(500_000);

        List<Future<JsonNode>> results = IntStream.range(0, 8)
                .mapToObj(i -> start(step, "{large: '" + large + "'}").result)
                .toList();

        results.forEach(
                result -> assertThat(Await.get(result).get("large").textValue()).isEqualTo(large));
    }

    @Test
    void sends_what_input_says_and_keeps_the_processes() {
        Step step = coprocess(
                "['sh', '-c', 'while read -r line; do echo \"[$$, $line]\"; done']", ", input: '${.a}', processes: 1");

        JsonNode first = Await.get(start(step, "{a: 1}").result);
        JsonNode second = Await.get(start(step, "{a: 'x'}").result);

        assertThat(first.get(1).intValue()).isEqualTo(1);
        assertThat(second.get(1).textValue()).isEqualTo("x");
        assertThat(second.get(0)).isEqualTo(first.get(0));
    }

    @Test
    void an_error_line_is_a_failure_of_its_item_alone() {
        Step step = coprocess(
                script("case $line in"
                        + " *1*) echo '{\"$error\": \"no ones\"}';;"
                        + " *2*) echo '{\"$error\": {\"kind\": \"UNREACHABLE\", \"message\": \"later\", \"code\": \"42\"}}';;"
                        + " *) echo $line;; esac"),
                ", processes: 1");

        Future<JsonNode> text = start(step, "{i: 1}").result;
        Future<JsonNode> object = start(step, "{i: 2}").result;
        Future<JsonNode> good = start(step, "{i: 3}").result;

        assertThat(failure(text)).hasMessage("no ones").returns(Kind.REJECTED, Failure::kind);
        assertThat(failure(object))
                .hasMessage("later")
                .returns(Kind.UNREACHABLE, Failure::kind)
                .returns("42", Failure::code)
                .returns(true, Failure::retryable);
        assertThatJson(Await.get(good)).isEqualTo("{i: 3}");
    }

    @Test
    void a_death_fails_what_is_in_flight_and_the_next_item_finds_a_new_process() {
        Step step = coprocess(
                script("case $line in *die*) echo 'it hurts' >&2; exit 9;; *) echo $line;; esac"), ", processes: 1");

        Future<JsonNode> dies = start(step, "{i: 'die'}").result;
        Future<JsonNode> behind = start(step, "{i: 'behind'}").result;
        Failure failure = failure(dies);

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.code()).isEqualTo("9");
        assertThat(failure).hasMessage("\"sh\" ended with exit code 9 before it answered: it hurts");
        assertThat(failure(behind).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThatJson(Await.get(start(step, "{i: 1}").result)).isEqualTo("{i: 1}");
    }

    @Test
    void a_program_that_always_dies_fails_items_at_once_in_the_end() {
        Step step = coprocess("['sh', '-c', 'read line; exit 1']", ", processes: 1");

        for (int i = 0; i < 5; i++) {
            assertThat(failure(start(step, "{}").result)).hasMessageContaining("ended with exit code 1");
        }
        Future<JsonNode> waitsForTheNextStart = start(step, "{}").result;
        Future<JsonNode> behind = start(step, "{}").result;

        assertThat(behind.failed()).isTrue();
        assertThat(waitsForTheNextStart.isComplete()).isFalse();
    }

    @Test
    void a_program_that_is_not_there_is_said_so() {
        Step step = coprocess("['no-such-thing']", "");

        assertThat(failure(start(step, "{}").result))
                .hasMessage("cannot start \"no-such-thing\": no such program on PATH")
                .returns(Kind.REJECTED, Failure::kind);
    }

    @Test
    void garbage_is_shown_and_the_process_started_again() {
        Step step = coprocess(
                script("case $line in *bad*) echo hello; echo $line;; *) echo $line;; esac"), ", processes: 1");

        Future<JsonNode> bad = start(step, "{i: 'bad'}").result;
        Future<JsonNode> behind = start(step, "{i: 'behind'}").result;

        assertThat(failure(bad)).hasMessageContaining("no JSON").hasMessageContaining("hello");
        assertThat(failure(behind))
                .hasMessageContaining("was ended before it answered")
                .returns(true, Failure::retryable);
        assertThatJson(Await.get(start(step, "{i: 1}").result)).isEqualTo("{i: 1}");
    }

    @Test
    void a_line_nobody_asked_for_does_not_answer_the_next_item() {
        Step step = coprocess(
                "['sh', '-c', 'echo $$ >> pids; echo 0; read line; echo 1; cat']", ", processes: 1, grace: '100ms'");
        Future<JsonNode> first = start(step, "{i: 1}").result;

        assertThatJson(Await.get(first)).isEqualTo("0");

        await().untilAsserted(() -> {
            assertThat(alive(pids())).isEmpty();
        });
    }

    @Test
    void an_answer_over_the_bound_fails_its_item_and_the_others_keep_theirs() {
        Step step = coprocess("['cat']", ", processes: 1, maxLine: '1KB'");

        Future<JsonNode> before = start(step, "{i: 1}").result;
        Future<JsonNode> large = start(step, "{i: '" + "x".repeat(200_000) + "'}").result;
        Future<JsonNode> after = start(step, "{i: 2}").result;

        assertThatJson(Await.get(before)).isEqualTo("{i: 1}");
        assertThat(failure(large)).hasMessageContaining("maxLine").returns(Kind.LIMIT, Failure::kind);
        assertThatJson(Await.get(after)).isEqualTo("{i: 2}");
    }

    @Test
    void the_late_answer_of_a_cancelled_item_is_dropped_and_shifts_no_other() throws IOException {
        Step step = coprocess(
                script("case $line in *slow*) touch got; while [ ! -e go ]; do sleep 0.02; done;; esac; echo $line"),
                ", processes: 1, grace: '10s'");
        Started slow = start(step, "{i: 'slow'}");
        Future<JsonNode> behind = start(step, "{i: 2}").result;

        await().until(() -> Files.exists(directory.resolve("got")));

        slow.cancel();
        assertThat(failure(slow.result).kind()).isEqualTo(Kind.CANCELLED);
        Files.createFile(directory.resolve("go"));

        assertThatJson(Await.get(behind)).isEqualTo("{i: 2}");
    }

    @Test
    void a_process_that_hangs_over_a_cancelled_item_is_ended_with_its_children_and_started_again() {
        Step step = coprocess(
                script("case $line in *hang*) echo $$ > pids; sleep 60 & echo $! >> pids; wait;; esac; echo $line"),
                ", processes: 1, grace: '200ms'");
        Started hangs = start(step, "{i: 'hang'}");
        Future<JsonNode> behind = start(step, "{i: 2}").result;
        await().until(() -> pids().size() == 2);

        hangs.cancel();

        assertThat(failure(behind)).hasMessageContaining("had said nothing").returns(true, Failure::retryable);
        assertThatJson(Await.get(start(step, "{i: 3}").result)).isEqualTo("{i: 3}");
        await().untilAsserted(() -> {
            assertThat(alive(pids())).isEmpty();
        });
    }

    @Test
    void an_item_that_waits_for_room_is_cancelled_without_a_trace() {
        Step step = coprocess(script("[ -e go ] || sleep 0.1; echo $line"), ", processes: 1, window: 1");
        Future<JsonNode> first = start(step, "{i: 1}").result;
        Started waits = start(step, "{i: 2}");
        Future<JsonNode> third = start(step, "{i: 3}").result;

        waits.cancel();

        assertThatJson(Await.get(first)).isEqualTo("{i: 1}");
        assertThatJson(Await.get(third)).isEqualTo("{i: 3}");
    }

    @Test
    void a_flood_on_standard_error_harms_nobody() {
        Step step = coprocess(script("yes | head -c 300000 >&2; echo $line"), ", processes: 1");

        assertThatJson(Await.get(start(step, "{i: 1}").result)).isEqualTo("{i: 1}");
    }

    @Test
    void closing_ends_the_processes_by_the_end_of_their_input() {
        Step step = coprocess("['sh', '-c', 'echo $$ > pids; cat; echo bye > said']", ", processes: 1, grace: '10s'");
        Await.get(start(step, "{i: 1}").result);

        Await.get(assembly.close());

        assertThat(directory.resolve("said")).hasContent("bye");
        assertThat(alive(pids())).isEmpty();
    }

    @Test
    void closing_kills_a_process_that_does_not_listen() {
        Step step = coprocess(
                "['sh', '-c', 'trap \"\" TERM; echo $$ > pids; head -n 1; sleep 60']",
                ", processes: 1, grace: '100ms'");
        Await.get(start(step, "{i: 1}").result);

        Await.get(assembly.close());

        assertThat(alive(pids())).isEmpty();
    }

    @Test
    void the_flow_is_checked_for_settings_that_do_not_fit_together() {
        assertThat(problems("{command: ['cat', '${.a}'], mode: 'coprocess'}"))
                .singleElement()
                .asString()
                .contains("depends on the item");
        assertThat(problems("{command: ['cat'], mode: 'coprocess', stdin: 'x'}"))
                .singleElement()
                .asString()
                .contains("means nothing to a co-process");
        assertThat(problems("{command: ['cat'], window: 3}"))
                .singleElement()
                .asString()
                .contains("\"mode\": \"coprocess\"");
    }

    private List<String> problems(String settings) {
        return new TestAssembly(vertx).problems(new ExecStepType().spec(), settings);
    }

    /** A shell that does something with each line. */
    private static String script(String body) {
        return "['sh', '-c', 'while read -r line; do "
                + body.replace("\\", "\\\\").replace("'", "\\'") + "; done']";
    }

    private Step coprocess(String command, String more) {
        TestAssembly own = new TestAssembly(vertx).in(directory);
        assembly = own;
        return onLoop(() -> own.step(new ExecStepType(), "{mode: 'coprocess', command: " + command + more + "}"));
    }

    private <T> T onLoop(Supplier<T> call) {
        return Await.get(Future.future(promise -> loop.runOnContext(go -> {
            try {
                promise.complete(call.get());
            } catch (Throwable e) {
                promise.fail(e);
            }
        })));
    }

    private Started start(Step step, String document) {
        TestFrame frame = new TestFrame(vertx, document);
        return new Started(frame, onLoop(() -> List.of(step.run(frame))).get(0));
    }

    private final class Started {
        private final TestFrame frame;
        private final Future<JsonNode> result;

        Started(TestFrame frame, Future<JsonNode> result) {
            this.frame = frame;
            this.result = result;
        }

        void cancel() {
            onLoop(() -> List.of(frame.scope().cancel(Failure.of(Kind.CANCELLED, "cancelled"))));
        }
    }

    private static Failure failure(Future<?> result) {
        return (Failure) Await.failure(result);
    }

    private List<Long> pids() {
        try {
            Path file = directory.resolve("pids");
            return Files.exists(file)
                    ? new ArrayList<>(
                            Files.readAllLines(file).stream().map(Long::valueOf).toList())
                    : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Long> alive(List<Long> pids) {
        return pids.stream().filter(ProcessTree::isAlive).toList();
    }
}
