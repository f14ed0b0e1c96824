package io.millrace.connect.html;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.StepType;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.millrace.testkit.TestJson;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HtmlStepTest {
    private static final String PAGE = """
            <html><head><title> The
              shop </title></head><body>
            <div class=card data-id=1><h3><a href="p/1.html">One</a></h3><span class=price>£1</span></div>
            <div class=card data-id=2><h3><a href="/p/2.html">Two</a></h3> <b>new</b> old</div>
            <a name=top>Top</a><a href="mailto:x@y.z">mail</a><a href='?a=@b'>at</a>
            </body></html>""";

    private final Vertx vertx = Vertx.vertx();
    private final StepType type = new HtmlConnector()
            .components().stream().map(StepType.class::cast).findFirst().orElseThrow();

    @AfterEach
    void close() {
        Await.get(vertx.close());
    }

    @Test
    void picks_text_attributes_and_lists_and_gives_null_for_what_is_not_there() {
        JsonNode picked = select("{title: 'title', id: '.card@data-id', ids: ['.card@data-id'], names: ['h3'],"
                + " none: 'h7', noAttribute: 'h3@id', nothing: ['h7'], named: ['a@name']}");

        assertThatJson(picked)
                .isEqualTo("{title: 'The shop', id: '1', ids: ['1', '2'], names: ['One', 'Two'], none: null,"
                        + " noAttribute: null, nothing: [], named: ['top']}");
    }

    @Test
    void makes_an_object_of_each_row_to_any_depth() {
        JsonNode picked = select("{cards: {rows: '.card', select: {id: '@data-id', name: 'h3', price: '.price',"
                + " links: {rows: 'a', select: {to: '@href', is: '@text'}}}}}");

        assertThatJson(picked)
                .isEqualTo("{cards: [{id: '1', name: 'One', price: '£1', links: [{to: 'p/1.html', is: 'One'}]},"
                        + " {id: '2', name: 'Two', price: null, links: [{to: '/p/2.html', is: 'Two'}]}]}");
    }

    @Test
    void knows_pseudo_attributes() {
        JsonNode picked =
                select("{own: '.card:nth-of-type(2)@ownText', html: 'h3@html', outer: 'b@outerHtml', text: 'b@text'}");

        assertThatJson(picked)
                .isEqualTo("{own: 'old', html: '<a href=\"p/1.html\">One</a>', outer: '<b>new</b>', text: 'new'}");
    }

    @Test
    void makes_links_absolute_when_it_knows_the_url_of_the_page() {
        JsonNode picked = run("{text: '${.page}', base: 'http://h/d/x.html', select: {links: ['a[href]@href']}}", PAGE);

        assertThatJson(picked)
                .isEqualTo(
                        "{links: ['http://h/d/p/1.html', 'http://h/p/2.html', 'mailto:x@y.z', 'http://h/d/x.html?a=@b']}");
    }

    @Test
    void an_at_sign_inside_of_a_selector_is_part_of_it() {
        assertThatJson(select("{mail: 'a[href*=\"x@y\"]', address: 'a[href*=\"x@y\"]@href'}"))
                .isEqualTo("{mail: 'mail', address: 'mailto:x@y.z'}");
    }

    @Test
    void gives_title_text_and_links_when_nothing_is_selected() {
        JsonNode picked = run("'${.page}'", PAGE);

        assertThat(picked.get("title").asText()).isEqualTo("The shop");
        assertThat(picked.get("text").asText()).startsWith("One £1 Two new old");
        assertThat(picked.get("links")).hasSize(4);
    }

    @Test
    void check_reports_a_selector_that_cannot_be_read_where_it_stands() {
        List<String> problems = assembly()
                .problems(
                        type.spec(),
                        "{text: 'x', select: {a: 'h1[', b: ['p::'], c: {rows: 'li', select: {d: '>>'}}, e: 1}}");

        assertThat(problems).hasSize(4);
        assertThat(problems.get(0)).startsWith("/select/a: \"h1[\" is not a CSS selector");
        assertThat(problems.get(1)).startsWith("/select/b/0: ");
        assertThat(problems.get(2)).startsWith("/select/c/select/d: ");
        assertThat(problems.get(3)).startsWith("/select/e: 1 is not a selection");
    }

    @Test
    void a_page_that_is_no_text_is_bad_data() {
        var failing = assembly().step(type, "'${.page}'");
        var frame = new TestFrame(vertx, "{page: null}");

        Throwable failure = Await.failure(vertx.executeBlocking(() -> failing.run(frame)));

        assertThat(((Failure) failure).kind()).isEqualTo(Failure.Kind.BAD_DATA);
    }

    @Test
    void one_step_serves_several_threads_at_once() {
        var step = assembly()
                .step(type, "{text: '${.page}', select: {first: '.card:has(b) > h3 a@href', rows: ['div h3 > a']}}");
        String document = TestJson.object("{}").put("page", PAGE).toString();

        var results = IntStream.range(0, 400)
                .parallel()
                .mapToObj(i -> step.run(new TestFrame(vertx, document)).result().toString())
                .distinct();

        assertThat(results).containsExactly("{\"first\":\"/p/2.html\",\"rows\":[\"One\",\"Two\"]}");
    }

    @Test
    void reads_the_sample_shop() throws Exception {
        String page = Files.readString(Path.of("conf/site/category/tools/page-1.html"));

        JsonNode picked =
                run("{text: '${.page}', select: {next: '.next a@href', products: ['.card h3 a@href']}}", page);

        assertThat(picked.get("next").asText()).isNotEmpty();
        assertThat(picked.get("products")).isNotEmpty();
    }

    private JsonNode select(String select) {
        return run("{text: '${.page}', select: " + select + "}", PAGE);
    }

    private JsonNode run(String settings, String page) {
        String document = TestJson.object("{}").put("page", page).toString();
        return Await.get(assembly().step(type, settings).run(new TestFrame(vertx, document)));
    }

    private TestAssembly assembly() {
        return new TestAssembly(vertx);
    }
}
