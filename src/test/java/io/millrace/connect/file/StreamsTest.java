package io.millrace.connect.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Sink;
import io.millrace.spi.Source;
import io.millrace.testkit.Await;
import io.millrace.testkit.Drain;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestBatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private static final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @Test
    void stdin_yields_lines_or_json() {
        assembly.stdin(new ByteArrayInputStream("{\"a\":1}\n[2]".getBytes(StandardCharsets.UTF_8)));
        assertThat(Drain.texts(vertx, assembly.source(new StdinSource(), "{}")))
                .containsExactly("\"{\\\"a\\\":1}\"", "\"[2]\"");

        assembly.stdin(new ByteArrayInputStream("{\"a\":1}\n[2]".getBytes(StandardCharsets.UTF_8)));
        assertThat(Drain.texts(vertx, assembly.source(new StdinSource(), "'jsonl'")))
                .containsExactly("{\"a\":1}", "[2]");
    }

    @Test
    void a_line_is_there_as_soon_as_it_is_typed() throws IOException {
        PipedOutputStream keyboard = new PipedOutputStream();
        assembly.stdin(new PipedInputStream(keyboard));
        Source source = assembly.source(new StdinSource(), "{}");
        Await.onLoop(vertx, source::open);
        keyboard.write("a\nb".getBytes(StandardCharsets.UTF_8));
        keyboard.flush();

        Records records = new Records(10);
        boolean more = Await.onLoop(vertx, () -> source.read(records));

        assertThat(more).isTrue();
        assertThat(records.entries())
                .singleElement()
                .satisfies(e -> assertThat(e.value().textValue()).isEqualTo("a"));
    }

    @Test
    void stdin_that_waits_for_ever_can_be_closed() throws IOException {
        assembly.stdin(new PipedInputStream(new PipedOutputStream()));
        Source source = assembly.source(new StdinSource(), "{}");
        Await.onLoop(vertx, source::open);
        Future<Boolean> read = source.read(new Records(1));

        Await.onLoop(vertx, source::close);

        assertThat(Await.get(read)).isFalse();
    }

    @Test
    void stdout_prints_a_line_of_json_for_each_document_and_flushes() {
        Sink sink = assembly.sink(new StdoutSink(), "{}");

        Await.onLoop(vertx, () -> sink.write(TestBatch.of("{a: 1}", "{b: 'ü'}")));

        assertThat(assembly.printed()).isEqualTo("{\"a\":1}\n{\"b\":\"ü\"}\n");
    }

    @Test
    void stdout_prints_texts_where_the_flow_says_so() {
        Sink sink = assembly.sink(new StdoutSink(), "'${.name}: ${.price}'");
        TestBatch batch = TestBatch.of("{name: 'lamp', price: 2.5}", "{name: 'chair'}");

        Await.onLoop(vertx, () -> sink.write(batch));

        assertThat(assembly.printed()).isEqualTo("lamp: 2.5\n");
        assertThat(batch.rejected()).containsOnlyKeys(1);
    }

    @Test
    void a_closed_stdout_is_a_failure_that_nobody_tries_again() {
        assembly.stdout(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        }));
        Sink sink = assembly.sink(new StdoutSink(), "{}");

        Throwable failure = Await.failure(sink.write(TestBatch.of("{a: 1}")));

        assertThat(failure).isInstanceOfSatisfying(Failure.class, closed -> {
            assertThat(closed.code()).isEqualTo("EPIPE");
            assertThat(closed.retryable()).isFalse();
        });
    }
}
