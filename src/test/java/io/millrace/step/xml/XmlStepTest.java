package io.millrace.step.xml;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.millrace.testkit.TestJson;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XmlStepTest {
    private final Vertx vertx = Vertx.vertx();
    private final XmlStep type = new XmlStep();

    @AfterEach
    void close() {
        Await.get(vertx.close());
    }

    @Test
    void keeps_attributes_text_and_elements_and_makes_a_list_of_what_is_repeated() {
        JsonNode value = parse("""
                <?xml version="1.0" encoding="utf-8"?>
                <!-- a feed -->
                <rss version="2.0"><channel><title> News </title>
                  <item id="1"><title>One</title></item>
                  <link/>
                  <item id="2">two</item>
                  <item>three</item>
                </channel></rss>""");

        assertThatJson(value).isEqualTo("""
                {rss: {'@version': '2.0', channel: {title: 'News', link: null,
                  item: [{'@id': '1', title: 'One'}, {'@id': '2', '#text': 'two'}, 'three']}}}""");
    }

    @Test
    void joins_what_is_text_and_knows_character_references_and_cdata() {
        JsonNode value = parse("<a>x &amp; &#x41;<![CDATA[ <b> ]]><c>in</c> y</a>");

        assertThatJson(value).isEqualTo("{a: {c: 'in', '#text': 'x & A <b>  y'}}");
    }

    @Test
    void keeps_names_as_they_are_written() {
        JsonNode value = parse("<feed xmlns='http://a' xmlns:x='http://b'><x:b x:c='1'/><y:d>2</y:d></feed>");

        assertThatJson(value)
                .isEqualTo("{feed: {'@xmlns': 'http://a', '@xmlns:x': 'http://b', 'x:b': {'@x:c': '1'}, 'y:d': '2'}}");
    }

    @Test
    void a_listed_name_is_a_list_even_if_there_is_but_one() {
        assertThatJson(run("{text: '${.text}', list: ['b', 'e']}", "<a><b/><c><b>x</b></c><d><b>1</b><b>2</b></d></a>"))
                .isEqualTo("{a: {b: [null], c: {b: ['x']}, d: {b: ['1', '2']}}}");
        assertThatJson(run("{text: '${.text}', list: 'a'}", "<a>1</a>")).isEqualTo("{a: ['1']}");
    }

    @Test
    void says_line_and_column_of_what_is_not_xml() {
        assertThat(failure("<a>\n  <b></a>"))
                .satisfies(wrong -> assertThat(wrong.kind()).isEqualTo(Kind.BAD_DATA))
                .hasMessageMatching("not XML at line 2, column \\d+: .*\"?b\"?.*");
        assertThat(failure("")).hasMessageStartingWith("not XML at line 1, column 1: ");
        assertThat(failure("plain")).hasMessageStartingWith("not XML at line 1, column 1: ");
        assertThat(failure("<a/><b/>")).hasMessageStartingWith("not XML at line 1, column ");
        assertThat(failure("<a>&nbsp;</a>"))
                .hasMessageStartingWith("not XML at line 1, column ")
                .hasMessageContaining("nbsp");
        assertThat(failure("<a b=1/>")).hasMessageStartingWith("not XML at line 1, column ");
    }

    @Test
    void neither_files_nor_bombs_come_in_by_a_document_type(@TempDir Path dir) throws Exception {
        Path secret = Files.writeString(dir.resolve("secret"), "hidden");
        String entities = IntStream.range(1, 10)
                .mapToObj(i -> "<!ENTITY e" + i + " \"" + ("&e" + (i - 1) + ";").repeat(10) + "\">")
                .reduce("<!ENTITY e0 \"lol\">", String::concat);

        Failure file = failure("<!DOCTYPE a [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><a>&x;</a>");
        Failure bomb = failure("<!DOCTYPE a [" + entities + "]><a>&e9;</a>");
        JsonNode harmless = parse("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/none.dtd\"><a>1</a>");

        assertThat(file).hasMessageContaining("\"x\"").hasMessageNotContaining("hidden");
        assertThat(bomb).hasMessageContaining("\"e9\"");
        assertThatJson(harmless).isEqualTo("{a: '1'}");
    }

    @Test
    void depth_and_size_are_bounded_by_name() throws Exception {
        String deep = "<a>".repeat(400) + "</a>".repeat(400);

        JsonNode allowed = run("{text: '${.text}', maxDepth: 400, list: 'a'}", deep);
        Failure tooDeep = failure("<a>".repeat(201) + "</a>".repeat(201));
        Failure tooLong = catchThrowableOfType(
                Failure.class, () -> run("{text: '${.text}', maxSize: '1KB'}", "<a>" + "x".repeat(1024) + "</a>"));

        assertThat(new ObjectMapper().writeValueAsString(allowed)).startsWith("{\"a\":[{\"a\":[");
        assertThat(tooDeep).hasMessageContaining("maxDepth (200) at line 1, column ");
        assertThat(tooDeep.kind()).isEqualTo(Kind.LIMIT);
        assertThat(tooLong).hasMessageContaining("a text of 1031 characters is over maxSize (1024)");
        assertThat(tooLong.kind()).isEqualTo(Kind.LIMIT);
    }

    @Test
    void long_texts_come_whole() {
        String text = "x&amp;é😀".repeat(200_000);

        JsonNode value = parse(
                "\uFEFF<a b='" + "&lt;".repeat(50_000) + "'>" + text + "<c>" + "&amp;".repeat(120_000) + "</c></a>");

        assertThat(value.at("/a/#text").textValue()).isEqualTo(text.replace("&amp;", "&"));
        assertThat(value.at("/a/c").textValue()).isEqualTo("&".repeat(120_000));
        assertThat(value.at("/a/@b").textValue()).isEqualTo("<".repeat(50_000));
    }

    @Test
    void one_step_serves_several_threads_at_once() {
        var step = assembly().step(type, "'${.text}'");

        var results = IntStream.range(0, 400)
                .parallel()
                .mapToObj(i -> step.run(frame("<a i='" + i + "'>" + "<b/>".repeat(i) + "</a>"))
                        .result())
                .map(value -> value.at("/a/@i").asInt()
                        == Math.max(0, value.at("/a/b").size()));

        assertThat(results.filter(same -> !same)).hasSizeLessThanOrEqualTo(1); // a single <b/> is no list
    }

    private JsonNode parse(String text) {
        return run("'${.text}'", text);
    }

    private Failure failure(String text) {
        return catchThrowableOfType(Failure.class, () -> parse(text));
    }

    private JsonNode run(String settings, String text) {
        return Await.get(assembly().step(type, settings).run(frame(text)));
    }

    private TestFrame frame(String text) {
        return new TestFrame(vertx, TestJson.object("{}").put("text", text).toString());
    }

    private TestAssembly assembly() {
        return new TestAssembly(vertx);
    }
}
