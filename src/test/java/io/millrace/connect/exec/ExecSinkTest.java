package io.millrace.connect.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Sink;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestBatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecSinkTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        Await.get(vertx.close());
    }

    @Test
    void writes_each_item_as_a_line_and_waits_for_the_program_to_end() {
        Sink sink = open("['sh', '-c', 'cat > out; echo end >> out']");

        write(sink, TestBatch.of("{a: 1}", "{b: 'ä'}"));
        write(sink, TestBatch.of("{c: 2}"));
        Await.get(sink.close(true));

        assertThat(directory.resolve("out")).hasContent("{\"a\":1}\n{\"b\":\"ä\"}\n{\"c\":2}\nend\n");
    }

    @Test
    void writes_text_and_rejects_what_makes_no_line() {
        Sink sink = open("{command: ['sh', '-c', 'cat > out'], format: 'lines'}");
        TestBatch batch = TestBatch.of("{value: 'a'}", "{other: 1}", "{value: 'two\\nlines'}", "{value: 3}");

        write(sink, batch);
        Await.get(sink.close(true));

        assertThat(directory.resolve("out")).hasContent("a\n3\n");
        assertThat(batch.rejected()).containsOnlyKeys(1, 2);
    }

    @Test
    void writes_the_text_it_is_told() {
        Sink sink = open("{command: ['sh', '-c', 'cat > out'], text: '${.a}-${.b}'}");

        write(sink, TestBatch.of("{a: 1, b: 2}"));
        Await.get(sink.close(true));

        assertThat(directory.resolve("out")).hasContent("1-2\n");
    }

    @Test
    void waits_for_the_pipe_and_keeps_the_order_of_writes() {
        Sink sink = open("['sh', '-c', 'cat > out']");
        String large = "x".repeat(100_000);
        List<Future<Void>> writes = new ArrayList<>();

        for (int i = 0; i < 20; i++) {
            writes.add(sink.write(TestBatch.of("{i: " + i + ", large: '" + large + "'}")));
        }
        writes.forEach(Await::get);
        Await.get(sink.close(true));

        assertThat(directory.resolve("out")).content().satisfies(text -> {
            assertThat(text.lines().map(line -> line.substring(5, line.indexOf(','))))
                    .containsExactly(
                            "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
                            "17", "18", "19");
        });
    }

    @Test
    void closing_fails_when_the_program_does() {
        Sink sink = open("['sh', '-c', 'cat > out; echo full >&2; exit 4']");
        write(sink, TestBatch.of("{a: 1}"));

        Failure failure = (Failure) Await.failure(sink.close(true));

        assertThat(failure).hasMessage("\"sh\" ended with exit code 4: full").returns("4", Failure::code);
    }

    @Test
    void a_program_that_ends_too_soon_refuses_what_comes_for_good() {
        Sink sink = open("['sh', '-c', 'read line; echo enough >&2; exit 1']");

        Failure failure = writeUntilItFails(sink);

        assertThat(failure)
                .hasMessage("\"sh\" ended with exit code 1 before all was written: enough")
                .returns(Kind.REJECTED, Failure::kind)
                .returns(false, Failure::retryable);
        Await.failure(sink.close(true));
    }

    @Test
    void with_restart_the_batch_is_to_be_written_again_to_a_new_process() {
        Sink sink = open("{command: ['sh', '-c', '[ -e out ] && exec cat >> out; read line; echo $line > out; exit 1'],"
                + " restart: 'on-failure'}");

        Failure failure = writeUntilItFails(sink);
        write(sink, TestBatch.of("{again: 1}"));
        Await.get(sink.close(true));

        assertThat(failure.retryable()).isTrue();
        assertThat(directory.resolve("out")).content().endsWith("{\"again\":1}\n");
    }

    @Test
    void a_program_that_is_not_there_fails_the_opening() {
        Sink sink = sink("['no-such-thing']");

        assertThat(Await.failure(sink.open())).hasMessageContaining("no such program");
    }

    @Test
    void closing_after_a_run_that_failed_ends_a_program_that_hangs() {
        Sink sink = open("{command: ['sh', '-c', 'trap \"\" TERM; sleep 60'], grace: '50ms'}");
        Future<Void> stuck = sink.write(TestBatch.of("{large: '" + "x".repeat(1_000_000) + "'}"));

        Await.get(sink.close(false));

        assertThat(Await.failure(stuck)).hasMessageContaining("before all was written");
    }

    /** The first items fit into the pipe, whether anybody reads them or not. */
    private Failure writeUntilItFails(Sink sink) {
        for (int i = 0; i < 10_000; i++) {
            Future<Void> written = sink.write(TestBatch.of("{i: " + i + ", text: '" + "x".repeat(1000) + "'}"));
            try {
                Await.get(written);
            } catch (Failure failure) {
                return failure;
            }
        }
        throw new AssertionError("all was written");
    }

    private void write(Sink sink, TestBatch batch) {
        Await.get(sink.write(batch));
    }

    private Sink open(String settings) {
        Sink sink = sink(settings);
        Await.get(sink.open());
        return sink;
    }

    private Sink sink(String settings) {
        String fields = settings.startsWith("{") ? settings : "{command: " + settings + "}";
        return new TestAssembly(vertx).in(directory).sink(new ExecSinkType(), fields);
    }
}
