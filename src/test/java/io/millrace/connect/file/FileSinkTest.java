package io.millrace.connect.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Sink;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestBatch;
import io.millrace.testkit.TestJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
    @TempDir
    Path folder;

    private static final Vertx vertx = Vertx.vertx();
    private TestAssembly assembly = new TestAssembly(vertx);

    @BeforeEach
    void inFolder() {
        assembly = new TestAssembly(vertx).in(folder);
    }

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @Test
    void a_file_gets_its_name_when_it_is_complete() {
        Sink sink = open(FileSink.JSONL, "'deep/er/out.jsonl'");

        write(sink, "{a: 1}", "{b: 'é'}");
        boolean early = Files.exists(folder.resolve("deep/er/out.jsonl"));
        String part = text("deep/er/out.jsonl.part");
        write(sink, "{c: null}");
        Await.onLoop(vertx, () -> sink.close(true));

        assertThat(early).isFalse();
        assertThat(part).isEqualTo("{\"a\":1}\n{\"b\":\"é\"}\n");
        assertThat(text("deep/er/out.jsonl")).isEqualTo("{\"a\":1}\n{\"b\":\"é\"}\n{\"c\":null}\n");
        assertThat(folder.resolve("deep/er/out.jsonl.part")).doesNotExist();
    }

    @Test
    void an_incomplete_file_keeps_the_name_part_and_the_old_file_its_content() throws IOException {
        Files.writeString(folder.resolve("out.jsonl"), "old\n");
        Sink sink = open(FileSink.JSONL, "'out.jsonl'");

        write(sink, "{a: 1}");
        Await.onLoop(vertx, () -> sink.close(false));

        assertThat(text("out.jsonl")).isEqualTo("old\n");
        assertThat(text("out.jsonl.part")).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void replace_takes_the_place_of_the_old_file_and_of_a_part_left_behind() throws IOException {
        Files.writeString(folder.resolve("out.jsonl"), "old\n");
        Files.writeString(folder.resolve("out.jsonl.part"), "a longer rest of a run that was killed\n");

        writeAndClose(FileSink.JSONL, "'out.jsonl'", "{a: 1}");

        assertThat(text("out.jsonl")).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void append_goes_behind_what_is_there_and_ends_a_cut_line_first() throws IOException {
        Files.writeString(folder.resolve("out.jsonl"), "{\"old\":1}\n{\"cut\":");

        writeAndClose(FileSink.JSONL, "{path: 'out.jsonl', mode: 'append'}", "{a: 1}");
        writeAndClose(FileSink.JSONL, "{path: 'out.jsonl', mode: 'append'}", "{b: 2}");

        assertThat(text("out.jsonl")).isEqualTo("{\"old\":1}\n{\"cut\":\n{\"a\":1}\n{\"b\":2}\n");
    }

    @Test
    void new_refuses_a_file_that_is_there() throws IOException {
        Files.writeString(folder.resolve("out.jsonl"), "old\n");

        Throwable failure = openFailure(FileSink.JSONL, "{path: 'out.jsonl', mode: 'new'}");

        assertThat(failure).hasMessage("cannot write out.jsonl: it exists already");
        assertThat(text("out.jsonl")).isEqualTo("old\n");
    }

    @Test
    void behind_an_endless_source_a_file_is_written_in_place() {
        assembly.neverEnding();
        Sink sink = open(FileSink.JSONL, "'out.jsonl'");

        write(sink, "{a: 1}");

        assertThat(text("out.jsonl")).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void a_fixed_path_that_cannot_be_written_fails_when_opened() throws IOException {
        Files.createDirectory(folder.resolve("taken"));
        Files.writeString(folder.resolve("file"), "");

        assertThat(openFailure(FileSink.JSONL, "'taken'")).hasMessage("cannot write taken: it is a directory");
        assertThat(openFailure(FileSink.JSONL, "'file/out.jsonl'"))
                .hasMessage("cannot write file/out.jsonl: " + folder.resolve("file") + " is not a directory");
    }

    @Test
    void a_path_of_an_item_that_cannot_be_written_rejects_that_item() throws IOException {
        Files.createDirectories(folder.resolve("out/taken.jsonl"));

        TestBatch batch = writeAndClose(
                FileSink.JSONL, "'out/${.town}.jsonl'", "{town: 'Bonn'}", "{town: 'taken'}", "{town: null}");

        assertThat(text("out/Bonn.jsonl")).isEqualTo("{\"town\":\"Bonn\"}\n");
        assertThat(batch.rejected()).containsOnlyKeys(1, 2);
        assertThat(batch.rejected().get(1)).hasMessage("cannot write out/taken.jsonl: it is a directory");
        assertThat(batch.rejected().get(2).kind()).isEqualTo(Failure.Kind.BAD_DATA);
    }

    @Test
    void no_item_gets_out_of_the_folder_before_the_first_template() {
        assembly.with("params", "{out: 'a/b'}");

        TestBatch batch = writeAndClose(
                FileSink.JSONL,
                "'${$params.out}/${.name}.jsonl'",
                "{name: 'fine'}",
                "{name: '../x'}",
                "{name: '/etc/x'}",
                "{name: '../../../etc/x'}",
                "{name: 'c/../../b/also'}");

        assertThat(batch.rejected()).containsOnlyKeys(1, 3);
        assertThat(batch.rejected().get(1).message()).contains("is not below " + folder.resolve("a/b"));
        assertThat(folder.resolve("a/b/etc/x.jsonl")).exists();
        assertThat(folder.resolve("a/b/also.jsonl")).exists();
    }

    @Test
    void more_paths_than_may_be_open_are_all_written() {
        String settings = "'out/${.n % 200}.jsonl'";
        Sink sink = open(FileSink.JSONL, settings);

        for (int round = 0; round < 5; round++) {
            int from = round * 200;
            write(
                    sink,
                    IntStream.range(from, from + 200)
                            .mapToObj(n -> "{n: " + n + "}")
                            .toArray(String[]::new));
        }
        Await.onLoop(vertx, () -> sink.close(true));

        for (int i = 0; i < 200; i++) {
            assertThat(text("out/" + i + ".jsonl").lines())
                    .containsExactly(
                            "{\"n\":" + i + "}",
                            "{\"n\":" + (i + 200) + "}",
                            "{\"n\":" + (i + 400) + "}",
                            "{\"n\":" + (i + 600) + "}",
                            "{\"n\":" + (i + 800) + "}");
        }
    }

    @Test
    void gz_is_compressed_also_when_it_is_empty() throws IOException {
        writeAndClose(FileSink.JSONL, "'out.jsonl.gz'", "{a: 1}", "{b: 2}");
        writeAndClose(FileSink.JSONL, "{path: 'out.jsonl.gz', mode: 'append'}", "{c: 3}");
        writeAndClose(FileSink.JSONL, "'none.gz'");

        assertThat(unzip("out.jsonl.gz")).isEqualTo("{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n");
        assertThat(unzip("none.gz")).isEmpty();
    }

    @Test
    void a_full_file_gets_its_name_and_the_next_number_begins() {
        Sink sink = open(FileSink.JSONL, "{path: 'out.jsonl', roll: {size: '10B'}}");

        write(sink, "{a: 1}");
        write(sink, "{a: 2}");
        write(sink, "{a: 3}");
        boolean first = Files.exists(folder.resolve("out-0001.jsonl"));
        Await.onLoop(vertx, () -> sink.close(true));

        assertThat(first).isTrue();
        assertThat(text("out-0001.jsonl")).isEqualTo("{\"a\":1}\n{\"a\":2}\n");
        assertThat(text("out-0002.jsonl")).isEqualTo("{\"a\":3}\n");
    }

    @Test
    void a_file_that_is_old_enough_gets_its_name_though_nothing_comes() {
        assembly.neverEnding();
        Sink sink = open(FileSink.JSONL, "{path: 'out.jsonl', roll: {time: '30ms'}}");

        write(sink, "{a: 1}");

        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(text("out-0001.jsonl")).isEqualTo("{\"a\":1}\n"));
        Await.onLoop(vertx, () -> sink.close(true));
    }

    @Test
    void appending_with_roll_takes_the_next_free_number() throws IOException {
        Files.writeString(folder.resolve("out-0001.jsonl"), "old\n");

        writeAndClose(FileSink.JSONL, "{path: 'out.jsonl', mode: 'append', roll: {size: '1MB'}}", "{a: 1}");

        assertThat(text("out-0001.jsonl")).isEqualTo("old\n");
        assertThat(text("out-0002.jsonl")).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void two_sinks_do_not_write_the_same_file() {
        open(FileSink.JSONL, "'out.jsonl'");

        assertThat(openFailure(FileSink.JSONL, "'out.jsonl'"))
                .hasMessage("cannot write out.jsonl: another sink is writing it");
    }

    @Test
    void a_full_disk_is_worth_another_try_and_leaves_nothing_half_done() {
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")));
        Sink sink = open(FileSink.JSONL, "'/dev/full'");

        Throwable failure = Await.failure(sink.write(TestBatch.of("{a: 1}")));

        assertThat(failure).isInstanceOfSatisfying(Failure.class, full -> {
            assertThat(full.retryable()).isTrue();
            assertThat(full.code()).isEqualTo("ENOSPC");
            assertThat(full.message()).isEqualTo("cannot write /dev/full: No space left on device");
        });
    }

    @Test
    void a_batch_that_fails_in_one_file_is_taken_back_from_the_others() throws IOException {
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")));
        Files.createSymbolicLink(folder.resolve("full"), Path.of("/dev/full"));
        Sink sink = open(FileSink.JSONL, "'${.to}'");
        write(sink, "{to: 'good', n: 1}");

        Throwable failure =
                Await.failure(sink.write(TestBatch.of("{to: 'good', n: 2}", "{to: 'full'}", "{to: 'good', n: 3}")));
        write(sink, "{to: 'good', n: 4}");
        Await.onLoop(vertx, () -> sink.close(true));

        assertThat(failure).hasMessageContaining("No space left");
        assertThat(text("good")).isEqualTo("{\"to\":\"good\",\"n\":1}\n{\"to\":\"good\",\"n\":4}\n");
    }

    @Test
    void batches_of_several_event_loops_never_mix_their_lines() {
        Sink sink = open(FileSink.JSONL, "'out.jsonl'");
        List<Future<Void>> writes = new ArrayList<>();
        String wide = "x".repeat(2000);

        for (int i = 0; i < 200; i++) {
            TestBatch batch = TestBatch.of("{n: " + i + ", pad: '" + wide + "'}", "{n: " + i + ", second: true}");
            io.vertx.core.Promise<Void> done = io.vertx.core.Promise.promise();
            writes.add(done.future());
            ((io.vertx.core.internal.VertxInternal) vertx)
                    .createEventLoopContext()
                    .runOnContext(x -> sink.write(batch).onComplete(done));
        }
        Await.get(Future.all(writes));
        Await.onLoop(vertx, () -> sink.close(true));

        List<String> lines = text("out.jsonl").lines().toList();
        assertThat(lines).hasSize(400);
        for (int i = 0; i < 400; i += 2) {
            assertThat(TestJson.read(lines.get(i)).get("n"))
                    .isEqualTo(TestJson.read(lines.get(i + 1)).get("n"));
        }
    }

    @Test
    void csv_takes_its_columns_from_the_first_document() {
        TestBatch batch = writeAndClose(
                FileSink.CSV,
                "'out.csv'",
                "{id: 1, name: 'a \"b\", c', tags: ['x']}",
                "{name: 'two\\nlines', id: null}",
                "{id: 3, colour: 'red'}");

        assertThat(text("out.csv")).isEqualTo("id,name,tags\n1,\"a \"\"b\"\", c\",\"[\"\"x\"\"]\"\n,\"two\nlines\",\n");
        assertThat(batch.rejected()).containsOnlyKeys(2);
        assertThat(batch.rejected().get(2))
                .hasMessage("\"colour\" is no column of this file, which has id, name, tags; set \"columns\"");
    }

    @Test
    void csv_writes_the_columns_it_is_told_and_a_header_without_rows() {
        String settings = "{path: 'out.csv', columns: ['b', 'a'], delimiter: ';'}";

        writeAndClose(FileSink.CSV, settings, "{a: 1, b: 'x;y', c: 3}");
        writeAndClose(FileSink.CSV, "{path: 'none.csv', columns: ['b', 'a']}");
        writeAndClose(FileSink.CSV, "{path: 'bare.csv', header: false}", "{a: 1, b: 2}");

        assertThat(text("out.csv")).isEqualTo("b;a\n\"x;y\";1\n");
        assertThat(text("none.csv")).isEqualTo("b,a\n");
        assertThat(text("bare.csv")).isEqualTo("1,2\n");
    }

    @Test
    void csv_appends_by_the_header_that_is_there() throws IOException {
        Files.writeString(folder.resolve("out.csv"), "b,a\n1,2\n");

        writeAndClose(FileSink.CSV, "{path: 'out.csv', mode: 'append'}", "{a: 'A', b: 'B'}");

        assertThat(text("out.csv")).isEqualTo("b,a\n1,2\nB,A\n");
    }

    @Test
    void file_writes_texts() {
        TestBatch batch = writeAndClose(FileSink.FILE, "'out.txt'", "{value: 'one'}", "{value: 2}", "{other: 1}");
        writeAndClose(
                FileSink.FILE, "{path: 'b.txt', text: '${.a}-${.b}', newline: false}", "{a: 1, b: 2}", "{a: 3, b: 4}");

        assertThat(text("out.txt")).isEqualTo("one\n2\n");
        assertThat(batch.rejected()).containsOnlyKeys(2);
        assertThat(text("b.txt")).isEqualTo("1-23-4");
    }

    @Test
    void big_numbers_keep_their_digits() {
        writeAndClose(FileSink.JSONL, "'out.jsonl'", "{n: 12345678901234567890123}");

        assertThat(text("out.jsonl")).isEqualTo("{\"n\":12345678901234567890123}\n");
    }

    private Sink open(FileSink type, String settings) {
        Sink sink = assembly.sink(type, settings);
        Await.onLoop(vertx, sink::open);
        return sink;
    }

    private Throwable openFailure(FileSink type, String settings) {
        return Await.failure(assembly.sink(type, settings).open());
    }

    private TestBatch write(Sink sink, String... documents) {
        TestBatch batch = TestBatch.of(documents).seeing(assembly.variables());
        Await.onLoop(vertx, () -> sink.write(batch));
        return batch;
    }

    private TestBatch writeAndClose(FileSink type, String settings, String... documents) {
        Sink sink = open(type, settings);
        TestBatch batch = write(sink, documents);
        Await.onLoop(vertx, () -> sink.close(true));
        return batch;
    }

    private String text(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String unzip(String name) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(name)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
