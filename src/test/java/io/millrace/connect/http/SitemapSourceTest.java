package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.millrace.testkit.Drain;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SitemapSourceTest {
    private final Web web = new Web();
    private final Map<String, byte[]> files = new HashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final String url = web.serve(request -> {
        asked.add(request.path());
        byte[] body = files.get(request.path());
        request.response()
                .setStatusCode(body == null ? 404 : 200)
                .end(body == null ? Buffer.buffer() : Buffer.buffer(body));
    });

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void gives_url_and_time_of_each_entry() {
        file(
                "/sitemap.xml",
                urls(
                        "<loc>http://a.example/1?a=1&amp;b=2</loc><lastmod>2026-06-03</lastmod>",
                        "<loc> http://a.example/2 </loc><lastmod>2026-06-03T10:00:00+02:00</lastmod>",
                        "<loc>http://b.example/3</loc><lastmod>soon</lastmod>"));

        assertThat(Drain.texts(web.vertx(), source("{url: '" + url + "/sitemap.xml'}")))
                .containsExactly(
                        "{\"url\":\"http://a.example/1?a=1&b=2\",\"modified\":\"2026-06-03T00:00:00Z\"}",
                        "{\"url\":\"http://a.example/2\",\"modified\":\"2026-06-03T08:00:00Z\"}",
                        "{\"url\":\"http://b.example/3\",\"modified\":null}");
    }

    @Test
    void follows_lists_of_sitemaps_each_once_compressed_or_as_text() {
        file("/sitemap.xml", index("/a.xml", "/b.xml.gz", "/c.txt", "/a.xml", "/sitemap.xml"));
        file("/a.xml", urls("<loc>http://h/a</loc>"));
        files.put("/b.xml.gz", gzip(urls("<loc>http://h/b</loc>")));
        file("/c.txt", "http://h/c\nhttp://h/d\n");

        assertThat(pages("{url: '" + url + "/sitemap.xml'}"))
                .containsExactly("http://h/a", "http://h/b", "http://h/c", "http://h/d");
        assertThat(asked).containsExactly("/sitemap.xml", "/a.xml", "/b.xml.gz", "/c.txt");
    }

    @Test
    void what_is_no_url_and_a_listed_sitemap_that_cannot_be_read_are_bad_records() {
        file("/sitemap.xml", index("/gone.xml", "/page.html", "/a.xml"));
        file("/page.html", "<html><body>not found</body></html>");
        file("/a.xml", urls("<loc>ftp://h/file</loc>", "<loc>http://h/a</loc>", "<loc>mailto:x@y.z</loc>"));

        List<Records.Entry> all = Drain.all(web.vertx(), source("{url: '" + url + "/sitemap.xml'}"), 2);

        assertThat(Drain.failures(all))
                .extracting(Failure::message)
                .satisfiesExactlyInAnyOrder(
                        gone -> assertThat(gone).isEqualTo("GET " + url + "/gone.xml answered 404 Not Found"),
                        page -> assertThat(page).startsWith(url + "/page.html is not a sitemap that can be read"),
                        ftp -> assertThat(ftp)
                                .isEqualTo("\"ftp://h/file\", listed by " + url + "/a.xml, is not an http URL."),
                        mail -> assertThat(mail).startsWith("\"mailto:x@y.z\", listed by "));
        assertThat(all.stream()
                        .filter(one -> one.failure() == null)
                        .map(one -> one.value().get("url").asText()))
                .containsExactly("http://h/a");
        assertThat(all).extracting(Records.Entry::position).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void a_first_sitemap_that_cannot_be_had_or_read_fails_the_run() {
        file("/page.html", "<html></html>");
        file(
                "/dtd.xml",
                "<!DOCTYPE urlset [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + urls("<loc>http://h/&x;</loc>"));

        assertThatThrownBy(() -> pages("{url: '" + url + "/none.xml'}")).hasMessageContaining("answered 404");
        assertThatThrownBy(() -> pages("{url: '" + url + "/page.html'}")).hasMessageContaining("is not a sitemap");
        assertThatThrownBy(() -> pages("{url: '" + url + "/dtd.xml'}")).hasMessageContaining("is not a sitemap");
    }

    @Test
    void depth_number_and_size_are_bounded_by_name() {
        file("/sitemap.xml", index("/1.xml", "/2.xml"));
        file("/1.xml", index("/deep.xml"));
        file("/2.xml", urls("<loc>http://h/a</loc>"));
        files.put("/bomb.xml.gz", gzip(" ".repeat(2_000_000)));

        List<Records.Entry> shallow =
                Drain.all(web.vertx(), source("{url: '" + url + "/sitemap.xml', maxDepth: 1}"), 9);

        assertThat(Drain.failures(shallow))
                .singleElement()
                .satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.LIMIT))
                .satisfies(one ->
                        assertThat(one.message()).isEqualTo(url + "/deep.xml is listed deeper than maxDepth (1)."));
        assertThatThrownBy(() -> pages("{url: '" + url + "/sitemap.xml', maxFiles: 2}"))
                .hasMessageContaining("more than 2 sitemaps are listed (maxFiles)");
        assertThatThrownBy(() -> pages("{url: '" + url + "/bomb.xml.gz'}")).hasMessageContaining("maxBody");
    }

    @Test
    void a_passing_failure_is_tried_again() {
        String flaky = web.serve(request -> {
            asked.add(request.path());
            request.response().setStatusCode(asked.size() < 3 ? 503 : 200).end(urls("<loc>http://h/a</loc>"));
        });

        assertThat(pages("{url: '" + flaky + "/s.xml', retry: {backoff: '1ms'}}"))
                .containsExactly("http://h/a");
        assertThat(asked).hasSize(3);
    }

    @Test
    void a_large_one_comes_whole() {
        file(
                "/sitemap.xml",
                urls(IntStream.range(0, 20_000)
                        .mapToObj(i -> "<loc>http://h/" + i + "</loc>")
                        .toArray(String[]::new)));

        assertThat(pages("{url: '" + url + "/sitemap.xml'}")).hasSize(20_000).doesNotHaveDuplicates();
    }

    private Source source(String settings) {
        return web.assembly()
                .with("http", web.client("{timeout: '10s', maxBody: '1100KB'}"))
                .source(new SitemapSourceType(), settings);
    }

    private List<String> pages(String settings) {
        return Drain.values(web.vertx(), source(settings)).stream()
                .map(page -> page.get("url").asText())
                .toList();
    }

    private void file(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String urls(String... entries) {
        return Stream.of(entries)
                .map(entry -> "<url>" + entry + "</url>\n")
                .collect(Collectors.joining(
                        "",
                        "<?xml version='1.0' encoding='UTF-8'?>\n<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
                        "</urlset>"));
    }

    private String index(String... paths) {
        return Stream.of(paths)
                .map(path -> "<sitemap><loc>" + url + path + "</loc></sitemap>")
                .collect(Collectors.joining(
                        "",
                        "<?xml version='1.0'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
                        "</sitemapindex>"));
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
