package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testkit.ReplayableContract;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResumedSitemapTest {
    private static final SitemapSourceType SITEMAP = new SitemapSourceType();

    private final Web web = new Web();
    private final Map<String, String> files = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final String url = web.serve(this::answer);
    private final String settings = "{url: '" + url + "/all.xml', retry: {attempts: 1}}";
    private final TestAssembly assembly = web.assembly().with("http", web.client("{timeout: '10s'}"));

    @AfterEach
    void close() {
        web.close();
    }

    private void answer(HttpServerRequest request) {
        asked.add(request.path());
        String body = files.get(request.path());
        request.response().setStatusCode(body == null ? 404 : 200).end(body == null ? "" : body);
    }

    private void index(String path, String... listed) {
        files.put(
                path,
                Stream.of(listed)
                        .map(file -> "<sitemap><loc>" + url + file + "</loc></sitemap>")
                        .collect(Collectors.joining(
                                "",
                                "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">",
                                "</sitemapindex>")));
    }

    private void pages(String path, int from, int to) {
        files.put(
                path,
                IntStream.range(from, to)
                        .mapToObj(n ->
                                "<url><loc>" + (n % 10 == 4 ? "mailto:" : "http://shop.example/") + n + "</loc></url>")
                        .collect(Collectors.joining(
                                "", "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">", "</urlset>")));
    }

    /** Two kinds of files, listed over two levels; one cannot be had, one is empty, one is listed twice. */
    private void shop() {
        index("/all.xml", "/a.xml", "/more.xml", "/gone.xml", "/b.xml", "/a.xml");
        pages("/a.xml", 0, 40);
        index("/more.xml", "/c.xml", "/none.xml", "/b.xml", "/d.xml");
        pages("/b.xml", 40, 70);
        pages("/c.xml", 70, 110);
        pages("/none.xml", 0, 0);
        pages("/d.xml", 110, 140);
    }

    @Test
    void goes_on_behind_any_entry_over_files_that_list_others() {
        shop();

        ReplayableContract.check(assembly, SITEMAP, settings);
    }

    @Test
    void goes_on_within_a_single_file() {
        pages("/all.xml", 0, 300);

        ReplayableContract.check(assembly, SITEMAP, settings);
    }

    private JsonNode token(int number) {
        return ReplayableContract.tokens(assembly, SITEMAP, settings).get(number);
    }

    @Test
    void reads_again_only_the_files_that_list_others_and_that_of_the_entry() {
        shop();
        JsonNode inC = token(85);
        asked.clear();

        List<String> rest = ReplayableContract.rest(assembly, SITEMAP, settings, inC);

        assertThat(asked).containsExactly("/all.xml", "/more.xml", "/c.xml", "/none.xml", "/d.xml");
        assertThat(rest).hasSize(141 - 86);
        assertThat(inC.toString()).contains("/c.xml").hasSizeLessThan(80);
    }

    @Test
    void finds_a_file_that_is_listed_elsewhere_now_and_says_so_if_it_is_not_listed_at_all() {
        shop();
        JsonNode inB = token(50);
        List<String> then = ReplayableContract.rest(assembly, SITEMAP, settings, inB);
        pages("/new.xml", 900, 902);
        index("/all.xml", "/new.xml", "/a.xml", "/more.xml", "/gone.xml", "/b.xml");
        List<String> now = ReplayableContract.rest(assembly, SITEMAP, settings, inB);
        index("/all.xml", "/a.xml");

        assertThat(now).startsWith(then.get(0), then.get(1));
        assertThatThrownBy(() -> ReplayableContract.rest(assembly, SITEMAP, settings, inB))
                .hasMessage(url
                        + "/b.xml, where the run goes on, is not listed any more as it was. Start over with --fresh.");
    }

    @Test
    void another_url_or_depth_is_a_change_and_a_key_in_it_is_not_kept() {
        ObjectNode then =
                ReplayableContract.fingerprint(assembly, SITEMAP, "{url: 'http://me:one@a.example/s?key=one'}");

        assertThat(then.toString()).doesNotContain("one");
        assertThat(changed("{url: 'http://me:two@a.example/s?key=two'}", then)).isEmpty();
        assertThat(changed("{url: 'http://a.example/t'}", then))
                .isEqualTo("The sitemap source reads http://a.example/t to the depth 3; when the run began, it was"
                        + " http://a.example/s to the depth 3. Put it back, or start over with --fresh.");
        assertThat(changed("{url: 'http://a.example/s', maxDepth: 1}", then)).contains("to the depth 1");
    }

    private String changed(String now, ObjectNode then) {
        return ReplayableContract.changed(assembly, SITEMAP, now, then, null).orElse("");
    }
}
