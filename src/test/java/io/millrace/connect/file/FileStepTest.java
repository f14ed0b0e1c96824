package io.millrace.connect.file;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.millrace.testkit.Await;
import io.millrace.testkit.Drain;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStepTest {
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
    void writes_a_file_whole_and_makes_its_folders() throws IOException {
        JsonNode value = run("{write: 'a/b/${.id}.txt', text: '${.text}'}", "{id: 7, text: 'né'}");
        run("{write: 'a/b/${.id}.txt', text: 'again'}", "{id: 7}");

        assertThatJson(value).isEqualTo("{\"path\": \"a/b/7.txt\", \"bytes\": 3}");
        assertThat(folder.resolve("a/b/7.txt")).hasContent("again");
        assertThat(Files.list(folder.resolve("a/b"))).hasSize(1);
    }

    @Test
    void writes_json_and_base64() {
        run("{write: 'a.json', text: '${.}'}", "{x: [1]}");
        run("{write: 'b.bin', bytes: '${.b}'}", "{b: 'AP8='}");

        assertThat(folder.resolve("a.json")).hasContent("{\"x\":[1]}");
        assertThat(folder.resolve("b.bin")).hasBinaryContent(new byte[] {0, (byte) 0xFF});
        assertThat(failure("{write: 'c', bytes: '${.b}'}", "{b: '%'}").kind()).isEqualTo(Failure.Kind.BAD_DATA);
    }

    @Test
    void appends() {
        run("{append: 'log/a.txt', text: 'one'}", "{}");
        run("{append: 'log/a.txt', text: 'two'}", "{}");

        assertThat(folder.resolve("log/a.txt")).hasContent("onetwo");
    }

    @Test
    void reads_text_or_base64() throws IOException {
        Files.write(folder.resolve("a"), new byte[] {0, (byte) 0xFF});
        Files.writeString(folder.resolve("b"), "né");

        assertThat(run("{read: '${.p}'}", "{p: 'b'}").textValue()).isEqualTo("né");
        assertThat(run("{read: 'a', format: 'bytes'}", "{}").textValue()).isEqualTo("AP8=");
        assertThat(failure("{read: 'a'}", "{}")).hasMessage("a is not UTF-8; read it with \"format\": \"bytes\"");
    }

    @Test
    void reads_no_more_than_the_bound() throws IOException {
        Files.writeString(folder.resolve("a"), "12345");

        assertThat(run("{read: 'a', maxSize: 5}", "{}").textValue()).isEqualTo("12345");
        assertThat(failure("{read: 'a', maxSize: 4}", "{}").kind()).isEqualTo(Failure.Kind.LIMIT);
    }

    @Test
    void a_missing_file_is_a_failure_with_a_code() {
        Failure failure = failure("{read: 'nope.txt'}", "{}");

        assertThat(failure).hasMessage("cannot read nope.txt: no such file");
        assertThat(failure.code()).isEqualTo("ENOENT");
        assertThat(failure.retryable()).isFalse();
        assertThat(failure("{read: '.'}", "{}")).hasMessageContaining("it is a directory");
    }

    @Test
    void deletes_and_says_whether_there_was_something() throws IOException {
        Files.writeString(folder.resolve("a"), "");

        assertThat(run("{delete: 'a'}", "{}").booleanValue()).isTrue();
        assertThat(run("{delete: 'a'}", "{}").booleanValue()).isFalse();
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void tells_about_a_file_or_null() throws IOException {
        Files.createDirectory(folder.resolve("d"));
        Files.writeString(folder.resolve("d/a.txt"), "123");
        Files.setLastModifiedTime(folder.resolve("d/a.txt"), FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));

        assertThatJson(run("{stat: 'd/a.txt'}", "{}"))
                .isEqualTo("{path: 'd/a.txt', name: 'a.txt', dir: 'd', size: 3, modified: '2026-01-02T03:04:05Z'}"
                        .replace('\'', '"'));
        assertThat(run("{stat: 'nope'}", "{}").isNull()).isTrue();
    }

    @Test
    void an_item_cannot_write_or_delete_outside() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        assembly = new TestAssembly(vertx).in(Files.createDirectory(folder.resolve("work")));
        Files.writeString(outside.resolve("a"), "kept");
        String document = "{p: '" + outside.resolve("a") + "'}";

        assertThat(failure("{write: '${.p}', text: 'x'}", document)).hasMessageContaining("is not below");
        assertThat(failure("{delete: 'in/${.p}'}", "{p: '../../outside/a'}")).hasMessageContaining("is not below");
        assertThat(failure("{read: 'in/${.p}'}", "{p: '../../outside/a'}")).hasMessageContaining("is not below");
        assertThat(run("{read: '${.p}'}", document).textValue()).isEqualTo("kept");
        assertThat(run("{read: '" + outside.resolve("a") + "'}", "{}").textValue())
                .isEqualTo("kept");
    }

    @Test
    void does_exactly_one_thing() {
        assertThat(problems("{}"))
                .containsExactly(": `file` is not told what to do. Set one of read, write, append, delete, stat.");
        assertThat(problems("{read: 'a', delete: 'b'}")).hasSize(1);
        assertThat(problems("{write: 'a'}"))
                .containsExactly(": It is not clear what to write. Set either \"text\" or \"bytes\".");
    }

    @Test
    void files_finds_what_matches_sorted_by_path() throws IOException {
        for (String name : List.of("in/b.txt", "in/a.txt", "in/x/c.txt", "in/x/d.csv", "in/a[1].txt")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), name);
        }

        assertThat(paths("'in/*.txt'")).containsExactly("in/a.txt", "in/a[1].txt", "in/b.txt");
        assertThat(paths("'in/**/*.txt'")).containsExactly("in/a.txt", "in/a[1].txt", "in/b.txt", "in/x/c.txt");
        assertThat(paths("'**'")).hasSize(5);
        assertThat(paths("'in/x/*.{csv,txt}'")).containsExactly("in/x/c.txt", "in/x/d.csv");
        assertThat(paths("'in/[!a].txt'")).containsExactly("in/b.txt");
        assertThat(paths("'in/[a-b].txt'")).containsExactly("in/a.txt", "in/b.txt");
        assertThat(paths("'in/a[1].txt'")).containsExactly("in/a[1].txt");
        assertThat(paths("'in/?.tx'")).isEmpty();
        assertThat(paths("'" + folder + "/in/x/*.csv'")).containsExactly(folder + "/in/x/d.csv");
    }

    @Test
    void files_of_a_missing_folder_fail_when_opened() {
        assertThat(Await.failure(
                        assembly.source(new FilesSource(), "'nope/*.txt'").open()))
                .hasMessage("cannot search nope/*.txt in " + folder + ": no such file");
    }

    @Test
    void a_file_that_vanishes_after_it_was_found_is_a_bad_record() throws IOException {
        Files.writeString(folder.resolve("a"), "");
        Files.writeString(folder.resolve("b"), "");
        Source source = assembly.source(new FilesSource(), "'*'");
        Await.onLoop(vertx, source::open);
        Files.delete(folder.resolve("a"));

        Records records = new Records(5);
        Await.onLoop(vertx, () -> source.read(records));

        assertThat(source.expected()).isEqualTo(2);
        assertThat(Drain.failures(records.entries()))
                .extracting(Failure::message)
                .containsExactly("cannot read a: no such file");
        assertThat(records.size()).isEqualTo(2);
    }

    private List<String> paths(String settings) {
        return Drain.values(vertx, assembly.source(new FilesSource(), settings)).stream()
                .map(found -> found.get("path").textValue())
                .toList();
    }

    private JsonNode run(String settings, String document) {
        return Await.get(assembly.step(new FileStep(), settings).run(new TestFrame(vertx, document)));
    }

    private Failure failure(String settings, String document) {
        try {
            JsonNode value = run(settings, document);
            throw new AssertionError("succeeded with " + value);
        } catch (Failure failure) {
            return failure;
        }
    }

    private List<String> problems(String settings) {
        return assembly.problems(new FileStep().spec(), settings);
    }
}
