package io.millrace.connect.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.millrace.testkit.Await;
import io.millrace.testkit.Drain;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecSourceTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        Await.get(vertx.close());
    }

    @Test
    void yields_each_line_and_the_last_one_without_an_end() {
        assertThat(texts("['printf', 'a\\\\n\\\\nb']")).containsExactly("\"a\"", "\"\"", "\"b\"");
    }

    @Test
    void yields_json_values_and_a_bad_record_for_a_bad_line() {
        List<Records.Entry> entries = Drain.all(
                vertx, source("{command: ['printf', '{\"a\":1}\\\\n{\\\\n\\\\n2\\\\n'], format: 'jsonl'}"), 7);

        assertThat(entries).extracting(entry -> entry.value().toString()).containsExactly("{\"a\":1}", "\"{\"", "2");
        assertThat(entries).extracting(Records.Entry::position).containsExactly(1L, 2L, 4L);
        assertThat(Drain.failures(entries))
                .singleElement()
                .satisfies(failure -> assertThat(failure.message()).startsWith("printf:2: not JSON"));
    }

    @Test
    void a_line_over_the_bound_is_a_bad_record_and_those_after_it_follow() {
        List<Records.Entry> entries = Drain.all(
                vertx,
                source(
                        "{command: ['sh', '-c', 'echo a; head -c 100000 /dev/zero | tr \"\\\\\\\\0\" x; echo; echo b'], maxLine: '10KB'}"),
                7);

        assertThat(Drain.failures(entries)).singleElement().returns(Failure.Kind.LIMIT, Failure::kind);
        assertThat(entries.get(0).value().textValue()).isEqualTo("a");
        assertThat(entries.get(2).value().textValue()).isEqualTo("b");
    }

    @Test
    void yields_many_lines_in_order() {
        List<JsonNode> values = Drain.values(vertx, source("{command: ['seq', 1, 30000], format: 'jsonl'}"));

        assertThat(values).hasSize(30_000);
        assertThat(values.get(29_999).intValue()).isEqualTo(30_000);
    }

    @Test
    void an_exit_code_that_is_not_expected_fails_it_after_its_records() {
        Source source = source("{command: ['sh', '-c', 'echo a; echo no >&2; exit 3']}");
        Await.onLoop(vertx, source::open);
        Records records = new Records(5);

        assertThat(Await.onLoop(vertx, () -> source.read(records))).isTrue();

        assertThat(records.size()).isEqualTo(1);
        assertThat(failureOf(source))
                .hasMessage("\"sh\" ended with exit code 3 after 1 lines: no")
                .returns("3", Failure::code);
        Await.onLoop(vertx, source::close);
    }

    @Test
    void an_exit_code_that_is_expected_is_an_end() {
        assertThat(texts("{command: ['sh', '-c', 'echo a; exit 1'], expect: [0, 1]}"))
                .containsExactly("\"a\"");
    }

    @Test
    void a_program_that_is_not_there_fails_the_opening() {
        Source source = source("['no-such-thing']");

        assertThat(Await.failure(Future.future(
                        promise -> vertx.runOnContext(go -> source.open().onComplete(promise)))))
                .hasMessageContaining("no such program");
    }

    @Test
    void starts_again_on_failure_until_it_succeeds() {
        List<String> texts = texts("{command: ['sh', '-c', 'echo x >> runs; wc -l < runs; [ $(wc -l < runs) -ge 3 ]'],"
                + " restart: 'on-failure', format: 'jsonl'}");

        assertThat(texts).containsExactly("1", "2", "3");
    }

    @Test
    void starts_again_always_and_stops_when_it_is_closed() {
        Source source = source("{command: ['sh', '-c', 'echo x'], restart: 'always'}");
        Await.onLoop(vertx, source::open);

        for (int i = 0; i < 3; i++) {
            Records records = new Records(1);
            assertThat(Await.onLoop(vertx, () -> source.read(records))).isTrue();
            assertThat(records.size()).isEqualTo(1);
        }
        assertThat(source.endless()).isTrue();
        Await.onLoop(vertx, source::close);
    }

    @Test
    void the_program_waits_while_nobody_reads() throws IOException {
        Source source = source(
                "{command: ['sh', '-c', 'echo $$ > pid; p=$(printf %01000d 0); i=0; while :; do i=$((i+1)); echo $i$p; echo $i > count; done']}");
        Await.onLoop(vertx, source::open);
        Path count = directory.resolve("count");
        await().until(() -> Files.exists(count) && Files.size(count) > 1);
        String[] seen = new String[1];

        await().until(() -> {
            String now = Files.readString(count);
            boolean still = now.equals(seen[0]) && !now.isEmpty();
            seen[0] = now;
            return still;
        });

        Await.onLoop(vertx, source::close);
        assertThat(ProcessTree.isAlive(Long.parseLong(
                        Files.readString(directory.resolve("pid")).strip())))
                .isFalse();
    }

    @Test
    void closing_completes_a_read_under_way_and_ends_the_program_and_its_children() throws IOException {
        Source source = source("{command: ['sh', '-c', 'sleep 60 & echo $!; wait']}");
        Await.onLoop(vertx, source::open);
        Records records = new Records(1);
        Await.onLoop(vertx, () -> source.read(records));
        Future<Boolean> reading = Await.onLoop(
                        vertx, () -> Future.succeededFuture(List.of(source.read(new Records(1)))))
                .get(0);

        Await.onLoop(vertx, source::close);

        assertThat(Await.get(reading)).isFalse();
        assertThat(ProcessTree.isAlive(Long.parseLong(records.value(0).textValue())))
                .isFalse();
    }

    private Failure failureOf(Source source) {
        try {
            throw new AssertionError(Await.onLoop(vertx, () -> source.read(new Records(5))));
        } catch (Failure failure) {
            return failure;
        }
    }

    private Source source(String settings) {
        String fields = settings.startsWith("{") ? settings : "{command: " + settings + "}";
        return new TestAssembly(vertx).in(directory).source(new ExecSourceType(), fields);
    }

    private List<String> texts(String settings) {
        return Drain.texts(vertx, source(settings));
    }
}
