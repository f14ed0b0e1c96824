package io.millrace.connect.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.testkit.Await;
import io.millrace.testkit.Drain;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineSourceTest {
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
    void yields_each_line_with_its_number_whatever_its_end() throws IOException {
        file("a.txt", "\uFEFFone\r\ntwo\n\nfour");

        List<Records.Entry> lines = lines("'a.txt'");

        assertThat(lines).extracting(e -> e.value().textValue()).containsExactly("one", "two", "", "four");
        assertThat(lines).extracting(Records.Entry::position).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void an_empty_file_has_no_lines() throws IOException {
        file("a.txt", "");

        assertThat(lines("'a.txt'")).isEmpty();
    }

    @Test
    void many_lines_cross_buffers_and_chunks_unharmed() throws IOException {
        List<String> expected = IntStream.range(0, 50_000)
                .mapToObj(i -> "line " + i + " é" + "x".repeat(i % 97))
                .toList();
        file("a.txt", String.join("\n", expected));

        List<Records.Entry> lines = Drain.all(vertx, assembly.source(LineSource.LINES, "'a.txt'"), 1000);

        assertThat(lines).extracting(e -> e.value().textValue()).containsExactlyElementsOf(expected);
    }

    @Test
    void a_line_over_the_bound_is_one_bad_record_and_the_next_goes_on() throws IOException {
        file("a.txt", "short\n" + "x".repeat(300_000) + "\nafter\n" + "y".repeat(101) + "\n" + "z".repeat(100));

        List<Records.Entry> lines = lines("{path: 'a.txt', maxLine: 100}");

        assertThat(Drain.failures(lines)).extracting(Failure::kind).containsOnly(Failure.Kind.LIMIT);
        assertThat(Drain.failures(lines))
                .extracting(Failure::message)
                .containsExactly(
                        "a.txt:2: the line is longer than 100 bytes; raise \"maxLine\"",
                        "a.txt:4: the line is longer than 100 bytes; raise \"maxLine\"");
        assertThat(good(lines)).containsExactly("short", "after", "z".repeat(100));
        assertThat(lines.get(1).value().textValue()).hasSize(1000).containsOnlyOnce("x".repeat(1000));
    }

    @Test
    void bytes_that_are_no_utf8_are_a_bad_record() throws IOException {
        Files.write(folder.resolve("a.txt"), "good\ncaf\u00e9\nfine \uFFFD".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(folder.resolve("b.txt"), "a genuine \uFFFD");

        List<Records.Entry> bad = lines("'a.txt'");

        assertThat(good(bad)).containsExactly("good", "fine ?");
        assertThat(Drain.failures(bad))
                .singleElement()
                .satisfies(f -> assertThat(f.message()).isEqualTo("a.txt:2: the line is not UTF-8; set \"charset\""));
        assertThat(good(lines("'b.txt'"))).containsExactly("a genuine \uFFFD");
        assertThat(good(lines("{path: 'a.txt', charset: 'iso-8859-1'}"))).contains("café");
    }

    @Test
    void wide_charsets_are_cut_at_characters_not_bytes() throws IOException {
        String text = IntStream.range(0, 5000)
                .mapToObj(i -> "Ċ " + i + " \uD83D\uDE00")
                .collect(Collectors.joining("\n"));
        Files.write(folder.resolve("a.txt"), text.getBytes(Charset.forName("utf-16")));

        assertThat(good(lines("{path: 'a.txt', charset: 'utf-16'}"))).containsExactly(text.split("\n"));
    }

    @Test
    void an_unknown_charset_is_a_problem() {
        assertThat(assembly.problems(LineSource.LINES.spec(), "{path: 'a', charset: 'utf-99'}"))
                .singleElement()
                .asString()
                .contains("\"utf-99\" is no character set");
    }

    @Test
    void gzip_is_known_by_its_name_also_in_several_members() throws IOException {
        Files.write(folder.resolve("a.txt.gz"), concat(zip("one\ntw"), zip("o\nthree\n")));

        assertThat(good(lines("'a.txt.gz'"))).containsExactly("one", "two", "three");
    }

    @Test
    void a_cut_gzip_file_is_one_bad_record_after_its_good_lines() throws IOException {
        byte[] whole =
                zip(IntStream.range(0, 20_000).mapToObj(i -> "line " + i * 7919).collect(Collectors.joining("\n")));
        Files.write(folder.resolve("a.gz"), java.util.Arrays.copyOf(whole, whole.length / 2));
        file("b.txt", "next");

        List<Records.Entry> lines = lines("'{a.gz,b.txt}'");

        assertThat(good(lines))
                .startsWith("line 0", "line 7919")
                .endsWith("next")
                .hasSizeGreaterThan(1000);
        assertThat(Drain.failures(lines)).singleElement().satisfies(failure -> {
            assertThat(failure.message())
                    .matches("cannot read a.gz after line \\d+: the file ends in the middle of its .*");
            assertThat(failure.kind()).isEqualTo(Failure.Kind.BAD_DATA);
        });
    }

    @Test
    void a_pattern_reads_its_files_in_order_and_counts_on() throws IOException {
        file("in/b.txt", "3\n");
        file("in/a.txt", "1\n2");
        file("in/deep/c.txt", "4");
        file("in/d.csv", "no");

        List<Records.Entry> lines = lines("'in/**/*.txt'");

        assertThat(good(lines)).containsExactly("1", "2", "3", "4");
        assertThat(lines).extracting(Records.Entry::position).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void a_missing_file_fails_when_opened() {
        assertThat(openFailure("'urls.txt'")).hasMessage("cannot read urls.txt in " + folder + ": no such file");
    }

    @Test
    void a_folder_fails_when_opened() {
        assertThat(openFailure("'.'")).hasMessage("cannot read . in " + folder + ": it is a directory");
    }

    @Test
    void a_pattern_without_match_fails_when_opened() {
        assertThat(openFailure("'*.txt'")).hasMessage("no file matches *.txt in " + folder);
        assertThat(openFailure("'none/*.txt'")).hasMessage("cannot read none/*.txt in " + folder + ": no such file");
    }

    @Test
    void a_file_without_permission_is_told_in_plain_words() throws IOException {
        file("a.txt", "secret");
        Path secret = folder.resolve("a.txt");
        Files.setPosixFilePermissions(secret, java.util.Set.of());

        if (Files.isReadable(secret)) { // root reads everything: only the words can be tested
            assertThat(FileErrors.of("read", "a.txt", folder, new AccessDeniedException("a.txt")))
                    .hasMessage("cannot read a.txt in " + folder + ": permission denied");
        } else {
            assertThat(openFailure("'a.txt'")).hasMessage("cannot read a.txt in " + folder + ": permission denied");
        }
    }

    @Test
    void json_lines_keep_the_digits_of_numbers() throws IOException {
        file("a.jsonl", "{\"n\":12345678901234567890123,\"d\":0.10000000000000000000001}\n\n  \n[1.10]\n\"x\"\nnull\n");

        assertThat(Drain.texts(vertx, assembly.source(LineSource.JSONL, "'a.jsonl'")))
                .containsExactly(
                        "{\"n\":12345678901234567890123,\"d\":0.10000000000000000000001}", "[1.10]", "\"x\"", "null");
    }

    @Test
    void a_bad_json_line_is_a_bad_record_that_names_line_and_column() throws IOException {
        file("a.jsonl", "{\"a\":1}\n{\"a\":}\n{\"a\":1} {\n{\"a\":\n{\"a\":2}");

        List<Records.Entry> lines = Drain.all(vertx, assembly.source(LineSource.JSONL, "'a.jsonl'"), 10);

        assertThat(Drain.failures(lines))
                .extracting(Failure::message)
                .satisfiesExactly(
                        m -> assertThat(m).startsWith("a.jsonl:2:6: not JSON: Unexpected character ('}'"),
                        m -> assertThat(m).startsWith("a.jsonl:3:9: not JSON: something follows the value"),
                        m -> assertThat(m).startsWith("a.jsonl:4:6: not JSON: Unexpected end-of-input"));
        assertThat(lines.get(1).value().textValue()).isEqualTo("{\"a\":}");
        assertThat(lines).hasSize(5);
    }

    @Test
    void a_bad_charset_in_json_is_a_bad_record_too() throws IOException {
        Files.write(folder.resolve("a.jsonl"), "\"caf\u00e9\"\n1".getBytes(StandardCharsets.ISO_8859_1));

        List<Records.Entry> lines = Drain.all(vertx, assembly.source(LineSource.JSONL, "'a.jsonl'"), 10);

        assertThat(Drain.failures(lines))
                .extracting(Failure::message)
                .containsExactly("a.jsonl:1: the line is not UTF-8; set \"charset\"");
        assertThat(Drain.texts(vertx, assembly.source(LineSource.JSONL, "{path: 'a.jsonl', charset: 'latin1'}")))
                .containsExactly("\"café\"", "1");
    }

    private Throwable openFailure(String settings) {
        return Await.failure(assembly.source(LineSource.LINES, settings).open());
    }

    private List<Records.Entry> lines(String settings) {
        return Drain.all(vertx, assembly.source(LineSource.LINES, settings), 3);
    }

    private static List<String> good(List<Records.Entry> entries) {
        return entries.stream()
                .filter(e -> e.failure() == null)
                .map(e -> e.value().textValue())
                .toList();
    }

    private void file(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    private static byte[] zip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
