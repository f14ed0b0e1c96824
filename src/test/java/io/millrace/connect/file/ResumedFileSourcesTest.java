package io.millrace.connect.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.millrace.spi.SourceType;
import io.millrace.testkit.Await;
import io.millrace.testkit.ReplayableContract;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestJson;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources over files go on where another process stopped, and see what has changed since. */
class ResumedFileSourcesTest {
    private static final Vertx vertx = Vertx.vertx();
    private static final SourceType CSV = new CsvSource();

    /** Empty ones, over-long ones, CRLF, no end of the last, a mark before the first. */
    private static final String LINES = "\uFEFFfirst\r\n\n"
            + IntStream.range(0, 120)
                    .mapToObj(i -> i % 17 == 0
                            ? "x".repeat(i % 2 == 0 ? 300 : 3000)
                            : i % 11 == 0 ? "" : "line " + i + " é€𝄞")
                    .collect(Collectors.joining("\n", "", "\r\n\nlast"));

    private static final String JSON_LINES = IntStream.range(0, 120)
            .mapToObj(i -> i % 13 == 0 ? "{oops" : i % 7 == 0 ? "  " : "{\"n\": " + i + ".50}")
            .collect(Collectors.joining("\r\n", "\uFEFF", ""));

    private static final String ROWS = "\uFEFFid,text\n"
            + IntStream.range(0, 120)
                    .mapToObj(i ->
                            i % 13 == 0 ? i + ",ragged,row" : i % 5 == 0 ? i + ",\"two\nlines\"" : i + ",é" + i + "\r")
                    .collect(Collectors.joining("\n"));

    @TempDir
    Path folder;

    private TestAssembly assembly = new TestAssembly(vertx);

    @BeforeEach
    void inFolder() {
        assembly = new TestAssembly(vertx).in(folder);
    }

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-8", "latin1", "utf-16", "utf-16le"})
    void lines_go_on_behind_any_line(String charset) throws IOException {
        write("a.txt", LINES, Charset.forName(charset));
        write("b.txt.gz", LINES, Charset.forName(charset));

        check(LineSource.LINES, "{path: 'a.txt', charset: '" + charset + "', maxLine: 100}");
        check(LineSource.LINES, "{path: 'b.txt.gz', charset: '" + charset + "', maxLine: 100}");
    }

    @Test
    void lines_that_are_not_in_the_charset_are_passed_like_others() throws IOException {
        write("a.txt", LINES, StandardCharsets.UTF_16BE);

        check(LineSource.LINES, "{path: 'a.txt', maxLine: 100}");
    }

    @Test
    void lines_go_on_across_chunks_and_buffers() throws IOException {
        Random random = new Random(1);
        String text = IntStream.range(0, 6_000)
                .mapToObj(i -> i + "x".repeat(random.nextInt(100)) + (i % 1500 == 0 ? "y".repeat(200_000) : ""))
                .collect(Collectors.joining("\n"));
        write("a.txt", text, StandardCharsets.UTF_8);

        check(LineSource.LINES, "{path: 'a.txt', maxLine: 70000}");
    }

    @Test
    void lines_go_on_in_the_right_one_of_several_files() throws IOException {
        write("in/a.txt", LINES, StandardCharsets.UTF_8);
        write("in/b.txt", "", StandardCharsets.UTF_8);
        Files.write(folder.resolve("in/c.txt.gz"), half(zip(LINES.repeat(50))));
        write("in/d.txt.gz", LINES, StandardCharsets.UTF_8);
        write("in/e.txt.gz", "", StandardCharsets.UTF_8);
        Files.write(folder.resolve("in/f.txt.gz"), new byte[] {1, 2, 3});
        write("in/g.txt", "no end", StandardCharsets.UTF_8);
        Files.write(folder.resolve("in/h.txt.gz"), new byte[] {});

        check(LineSource.LINES, "{path: 'in/*', maxLine: 100}");
    }

    @Test
    void jsonl_goes_on_behind_any_value_good_or_bad() throws IOException {
        write("in/a.jsonl", JSON_LINES, StandardCharsets.UTF_8);
        write("in/b.jsonl.gz", JSON_LINES, StandardCharsets.UTF_8);

        check(LineSource.JSONL, "'in/*'");
    }

    @Test
    void csv_goes_on_behind_any_row_good_or_bad() throws IOException {
        write("in/a.csv", ROWS, StandardCharsets.UTF_8);
        write("in/b.csv", "id,text\n1,\"never closed\n2,3", StandardCharsets.UTF_8);
        write("in/c.csv", "", StandardCharsets.UTF_8);
        write("in/d.csv", "x,x\n1,2", StandardCharsets.UTF_8);
        Files.write(
                folder.resolve("in/e.csv.gz"),
                half(zip(ROWS + "\n" + ROWS.substring(1).repeat(50))));
        write("in/f.csv.gz", ROWS, StandardCharsets.UTF_8);

        check(CSV, "'in/*'");
        check(CSV, "{path: 'in/*', header: false}");
        check(CSV, "{path: 'in/[af]*', header: ['a', 'b']}");
    }

    @Test
    void csv_goes_on_across_chunks() throws IOException {
        write("a.csv", ROWS + "\n" + ROWS.substring(1).repeat(20), StandardCharsets.UTF_16);

        check(CSV, "{path: 'a.csv', charset: 'utf-16'}");
    }

    @Test
    void files_go_on_behind_any_file() throws IOException {
        for (int i = 0; i < 60; i++) {
            write("in/" + (i % 5) + "/" + i + ".txt", "x".repeat(i), StandardCharsets.UTF_8);
        }

        check(new FilesSource(), "'in/**/*.txt'");
    }

    @Test
    void a_plain_file_is_not_read_to_go_on_at_its_end() throws IOException {
        long size = 1L << 40;
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("huge.txt").toFile(), "rw")) {
            file.setLength(size);
            file.seek(size);
            file.write("\nlast but one\nlast".getBytes(StandardCharsets.UTF_8));
        }
        JsonNode token = TestJson.read("['huge.txt', " + (size + 1) + ", 2, 2]");

        assertThat(rest(LineSource.LINES, "'huge.txt'", token)).containsExactly("\"last\"");
    }

    @Test
    void says_where_it_goes_on() throws IOException {
        write("urls.txt", "one\ntwo", StandardCharsets.UTF_8);
        Replayable source = (Replayable) assembly.source(LineSource.LINES, "'urls.txt'");

        assertThat(source.place(TestJson.read("['urls.txt', 1000000, 53120, 53120]")))
                .isEqualTo("53,120 of urls.txt");
    }

    @Test
    void files_that_have_grown_are_unchanged_and_go_on_with_what_was_added() throws IOException {
        write("in/a.txt", "one\n", StandardCharsets.UTF_8);
        write("in/b.txt", LINES.repeat(10) + "\n", StandardCharsets.UTF_8);
        ObjectNode then = fingerprint("'in/*'");
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, LineSource.LINES, "'in/*'");
        Files.writeString(folder.resolve("in/b.txt"), "more", StandardOpenOption.APPEND);
        write("in/c.txt", "another", StandardCharsets.UTF_8);

        assertThat(changed("'in/*'", then, tokens.get(0))).isEmpty();
        assertThat(fingerprint("'in/*'")).isNotEqualTo(then);
        assertThat(rest(LineSource.LINES, "'in/*'", tokens.get(tokens.size() - 1)))
                .containsExactly("\"more\"", "\"another\"");
    }

    @Test
    void a_file_that_is_shorter_or_edited_is_changed() throws IOException {
        String text = "0123456789 abcdefghijklmnopqrstuvwxyz\n".repeat(500);
        write("urls.txt", text, StandardCharsets.UTF_8);
        ObjectNode then = fingerprint("'urls.txt'");

        write("urls.txt", text.substring(38), StandardCharsets.UTF_8);
        assertThat(changed("'urls.txt'", then, null))
                .isEqualTo("urls.txt is shorter than when the run began: it had 19,000 bytes, and has 18,962 bytes."
                        + " Put it back as it was, or start over with --fresh.");
        write("urls.txt", "X" + text.substring(1), StandardCharsets.UTF_8);
        assertThat(changed("'urls.txt'", then, null)).startsWith("urls.txt does not begin as it did");
        write("urls.txt", text.substring(0, 9000) + "inserted" + text.substring(9000), StandardCharsets.UTF_8);
        assertThat(changed("'urls.txt'", then, null))
                .startsWith("urls.txt was changed since the run began, somewhere in what were its 19,000 bytes.");
        write("urls.txt", text, StandardCharsets.UTF_8);
        assertThat(changed("'urls.txt'", then, null)).isEmpty();
    }

    @Test
    void of_several_files_those_that_are_done_may_go_and_none_may_come_before() throws IOException {
        for (String name : List.of("a", "b", "d")) {
            write("in/" + name + ".txt", name + "1\n" + name + "2", StandardCharsets.UTF_8);
        }
        ObjectNode then = fingerprint("'in/*'");
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, LineSource.LINES, "'in/*'");

        Files.delete(folder.resolve("in/a.txt"));
        assertThat(changed("'in/*'", then, tokens.get(2))).isEmpty();
        assertThat(rest(LineSource.LINES, "'in/*'", tokens.get(2))).containsExactly("\"b2\"", "\"d1\"", "\"d2\"");
        assertThat(changed("'in/*'", then, tokens.get(1))).startsWith("in/a.txt is not there any more.");
        assertThat(changed("'in/*'", then, null)).startsWith("in/a.txt is not there any more.");
        write("in/c.txt", "new", StandardCharsets.UTF_8);
        assertThat(changed("'in/*'", then, tokens.get(2)))
                .startsWith("in/c.txt came after the run began and would be left out: it sorts before in/d.txt");
    }

    @Test
    void going_on_in_a_file_that_is_gone_or_too_short_fails() throws IOException {
        write("in/a.txt", "one\ntwo\nthree", StandardCharsets.UTF_8);
        write("in/b.txt.gz", "one\ntwo\nthree", StandardCharsets.UTF_8);
        write("in/c.txt", "", StandardCharsets.UTF_8);
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, LineSource.LINES, "'in/*'");

        write("in/a.txt", "one", StandardCharsets.UTF_8);
        write("in/b.txt.gz", "one", StandardCharsets.UTF_8);
        assertThat(failure(tokens.get(2))).hasMessage("cannot go on at line 3 of in/a.txt: it is shorter than it was");
        assertThat(failure(tokens.get(5)))
                .hasMessage("cannot go on at line 3 of in/b.txt.gz: it is shorter than it was");
        Files.delete(folder.resolve("in/a.txt"));
        assertThat(failure(tokens.get(2))).hasMessage("in/a.txt is not there any more");
    }

    @Test
    void found_files_may_go_but_none_may_come_before() throws IOException {
        SourceType type = new FilesSource();
        for (int i = 1; i < 8; i++) {
            write("in/" + i, "", StandardCharsets.UTF_8);
        }
        ObjectNode then = ReplayableContract.fingerprint(assembly, type, "'in/*'");
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, type, "'in/*'");

        Files.delete(folder.resolve("in/1"));
        Files.delete(folder.resolve("in/4"));
        write("in/9", "", StandardCharsets.UTF_8);
        assertThat(ReplayableContract.changed(assembly, type, "'in/*'", then, tokens.get(2)))
                .isEmpty();
        assertThat(ReplayableContract.piece(assembly, type, "'in/*'", tokens.get(2), tokens.get(3)))
                .singleElement()
                .asString()
                .contains("\"path\":\"in/3\"");
        assertThat(rest(type, "'in/*'", tokens.get(3))).hasSize(4);
        write("in/1", "", StandardCharsets.UTF_8);
        write("in/0", "", StandardCharsets.UTF_8);
        assertThat(ReplayableContract.changed(assembly, type, "'in/*'", then, tokens.get(2)))
                .hasValueSatisfying(
                        why -> assertThat(why)
                                .startsWith(
                                        "Of the files that match in/*, 3 sort before in/3, where the run goes on; there were 2."));
    }

    private Failure failure(JsonNode after) {
        Replayable source = (Replayable) assembly.source(LineSource.LINES, "'in/*'");
        Await.onLoop(vertx, source::open);
        return (Failure) Await.failure(source.resume(after).compose(there -> source.read(new Records(3, true))));
    }

    private void check(SourceType type, String settings) {
        ReplayableContract.check(assembly, type, settings);
    }

    private List<String> rest(SourceType type, String settings, JsonNode after) {
        return ReplayableContract.rest(assembly, type, settings, after);
    }

    private ObjectNode fingerprint(String settings) {
        return ReplayableContract.fingerprint(assembly, LineSource.LINES, settings);
    }

    private String changed(String settings, ObjectNode then, @Nullable JsonNode lowest) {
        return ReplayableContract.changed(assembly, LineSource.LINES, settings, then, lowest)
                .orElse("");
    }

    private void write(String name, String text, Charset charset) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        byte[] bytes = text.getBytes(charset);
        Files.write(file, name.endsWith(".gz") ? zip(bytes) : bytes);
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private static byte[] zip(String text) throws IOException {
        return zip(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] zip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
