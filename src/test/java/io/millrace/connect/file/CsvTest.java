package io.millrace.connect.file;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.testkit.Await;
import io.millrace.testkit.Drain;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.millrace.testkit.TestJson;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
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
    void a_row_is_an_object_of_strings() throws IOException {
        file("a.csv", "\uFEFFid,name,note\r\n1,\"Ada, \"\"L\"\"\",\r\n\r\n2,\"two\nlines\",x");

        assertThat(rows("'a.csv'"))
                .containsExactly(
                        "{\"id\":\"1\",\"name\":\"Ada, \\\"L\\\"\",\"note\":\"\"}",
                        "{\"id\":\"2\",\"name\":\"two\\nlines\",\"note\":\"x\"}");
    }

    @Test
    void columns_are_named_by_the_flow_or_by_number() throws IOException {
        file("a.csv", "1;x\n2;y\n");

        assertThat(rows("{path: 'a.csv', delimiter: ';', header: ['id', 'name']}"))
                .containsExactly("{\"id\":\"1\",\"name\":\"x\"}", "{\"id\":\"2\",\"name\":\"y\"}");
        assertThat(rows("{path: 'a.csv', delimiter: ';', header: false}"))
                .containsExactly("{\"c1\":\"1\",\"c2\":\"x\"}", "{\"c1\":\"2\",\"c2\":\"y\"}");
    }

    @Test
    void a_ragged_row_is_a_bad_record_and_the_others_go_on() throws IOException {
        file("a.csv", "id,name\n1,a\n2\n3,c,extra\n4,d\n");

        List<Records.Entry> rows = all("'a.csv'");

        assertThat(Drain.failures(rows))
                .extracting(Failure::message)
                .containsExactly(
                        "a.csv:3: row with 1 cells where 2 are expected (id, name)",
                        "a.csv:4: row with 3 cells where 2 are expected (id, name)");
        assertThatJson(rows.get(1).value()).isEqualTo("[\"2\"]");
        assertThat(rows).extracting(Records.Entry::position).containsExactly(1L, 2L, 3L, 4L);
        assertThat(rows.get(3).value().toString()).isEqualTo("{\"id\":\"4\",\"name\":\"d\"}");
    }

    @Test
    void a_quote_that_is_never_closed_is_one_bad_record() throws IOException {
        file("a.csv", "id,name\n1,a\n2,\"never\n3,c\n");
        file("b.csv", "id,name\n4,d\n");

        List<Records.Entry> rows = all("'?.csv'");

        assertThat(Drain.failures(rows)).singleElement().satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.BAD_DATA);
            assertThat(failure.message()).startsWith("a.csv: ").contains("line 3");
        });
        assertThat(rows).extracting(Records.Entry::position).containsExactly(1L, 2L, 3L);
    }

    @Test
    void bytes_that_are_not_in_the_charset_are_a_bad_record() throws IOException {
        Files.write(folder.resolve("a.csv"), "id\ncaf\u00e9\nok".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Drain.failures(all("'a.csv'")))
                .extracting(Failure::message)
                .containsExactly("a.csv:2: row with bytes that are not in the charset; set \"charset\"");
        assertThat(rows("{path: 'a.csv', charset: 'latin1'}")).containsExactly("{\"id\":\"café\"}", "{\"id\":\"ok\"}");
    }

    @Test
    void two_columns_of_one_name_fail_when_opened() throws IOException {
        file("a.csv", "id,name,id\n1,2,3\n");

        assertThat(Await.failure(assembly.source(new CsvSource(), "'a.csv'").open()))
                .hasMessage("a.csv:1: two columns are called \"id\"; name them with \"header\": [ … ]");
    }

    @Test
    void a_missing_file_fails_when_opened() {
        assertThat(Await.failure(assembly.source(new CsvSource(), "'a.csv'").open()))
                .hasMessage("cannot read a.csv in " + folder + ": no such file");
    }

    @Test
    void an_empty_file_has_no_rows_and_a_bad_later_file_is_one_bad_record() throws IOException {
        file("in/a.csv", "");
        file("in/b.csv", "x,x\n1,2\n");
        file("in/c.csv", "x\n1\n");

        List<Records.Entry> rows = all("'in/*.csv'");

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).failure()).hasMessageStartingWith("in/b.csv:1: two columns");
        assertThat(rows.get(1).value().toString()).isEqualTo("{\"x\":\"1\"}");
    }

    @Test
    void many_rows_cross_chunks() throws IOException {
        StringBuilder text = new StringBuilder("n\n");
        for (int i = 0; i < 5000; i++) {
            text.append(i).append('\n');
        }
        file("a.csv", text.toString());

        assertThat(Drain.all(vertx, assembly.source(new CsvSource(), "'a.csv'"), 999))
                .extracting(e -> e.value().get("n").asInt())
                .hasSize(5000)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void a_delimiter_must_be_one_character() {
        assertThat(assembly.problems(new CsvSource().spec(), "{path: 'a', delimiter: '||'}"))
                .containsExactly("/delimiter: \"||\" is not one character. Write one character.");
        assertThat(assembly.problems(new CsvSource().spec(), "{path: 'a', delimiter: '\\''  , quote: '\\''}"))
                .singleElement()
                .asString()
                .contains("are the same");
    }

    @Test
    void the_step_gives_objects_or_lists() {
        assertThatJson(parse("'${.t}'", "{t: 'id,name\\n1,a\\n2,b'}"))
                .isEqualTo("[{id: '1', name: 'a'}, {id: '2', name: 'b'}]".replace('\'', '"'));
        assertThatJson(parse("{text: '${.t}', header: false}", "{t: '1,a\\n2'}"))
                .isEqualTo("[['1','a'],['2']]".replace('\'', '"'));
        assertThatJson(parse("{text: '${.t}', header: ['x'], delimiter: ';'}", "{t: '1\\n2'}"))
                .isEqualTo("[{x: '1'}, {x: '2'}]".replace('\'', '"'));
        assertThatJson(parse("'${.t}'", "{t: ''}")).isEqualTo("[]");
    }

    @Test
    void the_step_fails_on_a_ragged_row_and_on_an_open_quote() {
        assertThatThrownBy(() -> parse("'${.t}'", "{t: 'a,b\\n1'}"))
                .hasMessage("csv:2: row with 1 cells where 2 are expected (a, b)");
        assertThatThrownBy(() -> parse("'${.t}'", "{t: 'a\\n\"open'}")).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> parse("{text: '${.t}', header: false}", "{t: 'a\\n\"open'}"))
                .isInstanceOf(Failure.class);
    }

    private JsonNode parse(String settings, String document) {
        return Await.get(assembly.step(new CsvStep(), settings).run(new TestFrame(vertx, TestJson.read(document))));
    }

    private List<String> rows(String settings) {
        return Drain.texts(vertx, assembly.source(new CsvSource(), settings));
    }

    private List<Records.Entry> all(String settings) {
        return Drain.all(vertx, assembly.source(new CsvSource(), settings), 2);
    }

    private void file(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }
}
