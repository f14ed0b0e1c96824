package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.millrace.testkit.Await;
import io.millrace.testkit.Drain;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpSourceTest {
    private final Web web = new Web();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        web.close();
    }

    private Source source(String settings) {
        return web.assembly().with("http", web.client("{timeout: '10s'}")).source(new HttpSourceType(), settings);
    }

    private List<String> all(String settings) {
        return Drain.texts(web.vertx(), source(settings));
    }

    private static void json(HttpServerRequest request, String body) {
        request.response().putHeader("content-type", "application/json").end(body.replace('\'', '"'));
    }

    /** Three pages, each with its items, made by the number of the page. */
    private String serve(java.util.function.BiConsumer<HttpServerRequest, Integer> page, String parameter) {
        return web.serve(request -> {
            asked.add(request.uri());
            String number = request.getParam(parameter);
            page.accept(request, number == null ? 1 : Integer.parseInt(number));
        });
    }

    @Test
    void the_elements_of_an_array_are_the_records_of_one_page() {
        String url = web.serve(request -> json(request, "[1, {'a': 2}, null]"));

        assertThat(all("{url: '" + url + "'}")).containsExactly("1", "{\"a\":2}", "null");
    }

    @Test
    void follows_the_header_link() {
        String url = serve(
                (request, page) -> {
                    if (page < 3) {
                        request.response()
                                .putHeader("link", "</x?page=" + (page + 1) + ">; rel=\"next\", </>; rel=\"first\"");
                    }
                    json(request, "[" + page + "]");
                },
                "page");

        assertThat(all("{url: '" + url + "/x', next: \"rel('next')\"}")).containsExactly("1", "2", "3");
        assertThat(asked).containsExactly("/x", "/x?page=2", "/x?page=3");
    }

    @Test
    void follows_a_url_in_the_body() {
        String url = serve(
                (request, page) -> json(
                        request,
                        "{'rows': [{'n': " + page + "}], 'next': " + (page < 3 ? "'?p=" + (page + 1) + "'" : "null")
                                + "}"),
                "p");

        assertThat(all("{url: '" + url + "/x', items: '.rows[].n', next: '.body.next'}"))
                .containsExactly("1", "2", "3");
        assertThat(asked).containsExactly("/x", "/x?p=2", "/x?p=3");
    }

    @Test
    void merges_a_cursor_into_the_query() {
        String url = serve(
                (request, page) ->
                        json(request, "{'rows': [" + page + "], 'cursor': " + (page < 3 ? page + 1 : "null") + "}"),
                "cursor");

        assertThat(all("{url: '" + url
                        + "/x?size=1', query: {q: 'a b'}, items: '.rows[]', next: 'if .body.cursor then {cursor:"
                        + " .body.cursor} else null end'}"))
                .containsExactly("1", "2", "3");
        assertThat(asked)
                .containsExactly("/x?size=1&q=a%20b", "/x?size=1&q=a%20b&cursor=2", "/x?size=1&q=a%20b&cursor=3");
    }

    @Test
    void counts_pages_and_records() {
        String url =
                serve((request, page) -> json(request, page < 3 ? "[" + page + "0, " + page + "1]" : "[30]"), "page");

        List<Records.Entry> entries = Drain.all(
                web.vertx(),
                source("{url: '" + url
                        + "', query: {page: 1}, next: 'if .count < 2 then null else {page: (.page + 1)} end'}"),
                3);

        assertThat(entries).extracting(entry -> entry.value().asInt()).containsExactly(10, 11, 20, 21, 30);
        assertThat(entries)
                .extracting(Records.Entry::position)
                .containsExactly(1_000_000_001L, 1_000_000_002L, 2_000_000_001L, 2_000_000_002L, 3_000_000_001L);
    }

    @Test
    void a_page_without_records_is_no_end() {
        String url = serve((request, page) -> json(request, page == 2 ? "[]" : "[" + page + "]"), "page");

        assertThat(all("{url: '" + url + "', next: 'if .page == 3 then null else {page: (.page + 1)} end'}"))
                .containsExactly("1", "3");
    }

    @Test
    void a_page_that_leads_to_itself_is_refused() {
        String url = serve((request, page) -> json(request, "[1]"), "page");

        assertThatThrownBy(() -> all("{url: '" + url + "/x', next: \"'/x'\"}"))
                .hasMessageContaining("next leads from " + url + "/x to itself");
    }

    @Test
    void a_page_that_fails_in_the_midst_is_asked_for_again() {
        AtomicInteger failures = new AtomicInteger();
        String url = serve(
                (request, page) -> {
                    if (page == 2 && failures.incrementAndGet() <= 2) {
                        request.response().setStatusCode(503).end();
                    } else {
                        json(request, "[" + page + "]");
                    }
                },
                "page");

        assertThat(all("{url: '" + url
                        + "', retry: {backoff: '1ms'}, next: 'if .page == 3 then null else {page: (.page + 1)} end'}"))
                .containsExactly("1", "2", "3");
        assertThat(asked).hasSize(5);
    }

    @Test
    void a_page_that_fails_for_good_fails_the_source_after_what_was_read() {
        String url = serve(
                (request, page) -> {
                    if (page == 2) {
                        request.response().setStatusCode(500).end("broken");
                    } else {
                        json(request, "[" + page + "]");
                    }
                },
                "page");
        Source source =
                source("{url: '" + url + "', retry: {attempts: 3, backoff: '1ms'}, next: '{page: (.page + 1)}'}");
        Records first = new Records(5);

        assertThat(Await.onLoop(web.vertx(), () -> source.read(first))).isTrue();

        assertThat(first.size()).isEqualTo(1);
        assertThatThrownBy(() -> Await.onLoop(web.vertx(), () -> source.read(new Records(5))))
                .hasMessageContaining("500")
                .hasMessageContaining("(after 3 attempts)");
        assertThat(asked).hasSize(4);
    }

    private static Buffer lines(int from, int to) {
        Buffer all = Buffer.buffer();
        for (int i = from; i < to; i++) {
            all.appendString("{\"n\":" + i + "}\n");
        }
        return all;
    }

    @Test
    void a_stream_of_json_lines_is_slowed_down_by_who_takes_them() {
        AtomicLong written = new AtomicLong();
        String url = web.serve(request -> {
            HttpServerResponse response = request.response().setChunked(true);
            response.putHeader("content-type", "application/x-ndjson");
            writeMore(response, written, 0);
        });
        Source source = source("{url: '" + url + "'}");
        Records first = new Records(10);

        Await.onLoop(web.vertx(), () -> source.read(first));
        Await.get(web.vertx().timer(300, java.util.concurrent.TimeUnit.MILLISECONDS));
        long before = written.get();
        List<JsonNode> rest = Drain.values(web.vertx(), source);

        assertThat(first.value(9).toString()).isEqualTo("{\"n\":9}");
        assertThat(rest).hasSize(999_990);
        assertThat(rest.get(999_989).toString()).isEqualTo("{\"n\":999999}");
        assertThat(before).isLessThan(900_000);
    }

    private static void writeMore(HttpServerResponse response, AtomicLong written, int from) {
        if (from == 1_000_000) {
            response.end();
            return;
        }
        response.write(lines(from, from + 10_000)).onSuccess(done -> {
            written.addAndGet(10_000);
            writeMore(response, written, from + 10_000);
        });
    }

    @Test
    void a_stream_that_waits_to_be_taken_holds_up_no_other_request() {
        String url = web.serve(request ->
                request.response().end(request.path().equals("/other") ? Buffer.buffer("1") : lines(0, 2500)));
        Client client = web.client("{timeout: '5s'}");
        Source source = web.assembly()
                .with("http", client)
                .source(new HttpSourceType(), "{url: '" + url + "', format: 'jsonl'}");
        Await.onLoop(web.vertx(), () -> source.read(new Records(10)));

        for (int i = 0; i < 3; i++) {
            assertThat(web.run(web.step(client, "{url: '" + url + "/other'}"), "{}")
                            .path("status")
                            .asInt())
                    .isEqualTo(200);
        }

        assertThat(Drain.values(web.vertx(), source)).hasSize(2490);
    }

    @Test
    void a_stream_that_breaks_is_read_on_from_where_it_was() {
        AtomicInteger tries = new AtomicInteger();
        String url = web.serve(request -> {
            request.response().putHeader("content-type", "application/jsonl");
            if (tries.incrementAndGet() == 1) {
                request.response()
                        .putHeader("content-length", "100000")
                        .write(lines(0, 1000))
                        .onComplete(sent -> request.connection().close());
            } else {
                request.response().end(lines(0, 2000));
            }
        });

        List<String> texts = all("{url: '" + url + "', retry: {backoff: '1ms'}}");

        assertThat(texts).hasSize(2000).doesNotHaveDuplicates();
        assertThat(tries).hasValue(2);
    }

    @Test
    void a_bad_line_and_one_that_is_too_long_are_bad_records() {
        String url = web.serve(
                request -> request.response().end("{\"a\":1}\r\noops\n\n" + "x".repeat(5000) + "\n{\"a\":2}"));

        List<Records.Entry> entries =
                Drain.all(web.vertx(), source("{url: '" + url + "/f', format: 'jsonl', maxLine: '1KB'}"), 10);

        assertThat(entries).extracting(entry -> entry.failure() == null).containsExactly(true, false, false, true);
        assertThat(Drain.failures(entries))
                .extracting(Failure::message)
                .satisfiesExactly(
                        one -> assertThat(one).startsWith(url + "/f:2: not JSON: "),
                        two -> assertThat(two)
                                .isEqualTo(url + "/f:4: the line is longer than 1024 bytes; raise \"maxLine\""));
    }

    @Test
    void a_compressed_stream_is_decompressed_as_it_comes() {
        String url = web.serve(request -> request.response()
                .putHeader("content-type", "text/plain")
                .putHeader("content-encoding", "gzip")
                .end(Buffer.buffer(gzip("a\nb\nç"))));

        assertThat(all("{url: '" + url + "'}")).containsExactly("\"a\"", "\"b\"", "\"ç\"");
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    @Test
    void rows_of_csv_are_objects() {
        String url = web.serve(request -> request.response()
                .putHeader("content-type", "text/csv; charset=utf-8")
                .end("id;name\n1;\"A; \"\"b\"\"\nc\"\n2\n3;z"));

        List<Records.Entry> entries = Drain.all(web.vertx(), source("{url: '" + url + "', delimiter: ';'}"), 10);

        assertThat(entries.get(0).value().toString()).isEqualTo("{\"id\":\"1\",\"name\":\"A; \\\"b\\\"\\nc\"}");
        assertThat(entries.get(1).failure()).hasMessage(url + "/:4: row with 1 cells where 2 are expected (id, name)");
        assertThat(entries.get(2).value().toString()).isEqualTo("{\"id\":\"3\",\"name\":\"z\"}");
    }

    @Test
    void events_go_on_behind_the_last_one_when_the_connection_is_lost() {
        List<String> ids = new CopyOnWriteArrayList<>();
        String url = web.serve(request -> {
            String last = String.valueOf(request.getHeader("last-event-id"));
            ids.add(last);
            int from = last.equals("null") ? 0 : Integer.parseInt(last);
            HttpServerResponse response = request.response().setChunked(true);
            response.putHeader("content-type", "text/event-stream");
            response.write(": hello\nretry: 10\nid: " + (from + 1) + "\ndata: one\ndata: two\n\nevent: tick\nid: "
                            + (from + 2) + "\ndata: {}\n\ndata: cut off\n")
                    .onComplete(sent -> {
                        if (from == 0) {
                            request.connection().close();
                        } else {
                            response.end();
                        }
                    });
        });
        Source source = source("{url: '" + url + "', again: true, retry: {backoff: '1ms'}}");

        List<String> events = new ArrayList<>();
        while (events.size() < 6) {
            Records some = new Records(6 - events.size());
            Await.onLoop(web.vertx(), () -> source.read(some));
            some.entries().forEach(entry -> events.add(entry.value().toString()));
        }
        Await.onLoop(web.vertx(), source::close);

        assertThat(source.endless()).isTrue();
        assertThat(events)
                .startsWith(
                        "{\"event\":\"message\",\"data\":\"one\\ntwo\",\"id\":\"1\"}",
                        "{\"event\":\"tick\",\"data\":\"{}\",\"id\":\"2\"}",
                        "{\"event\":\"message\",\"data\":\"one\\ntwo\",\"id\":\"3\"}");
        assertThat(ids).startsWith("null", "2", "4");
    }

    @Test
    void a_read_that_waits_ends_when_the_source_is_closed() {
        String url = web.serve(HttpServerRequest::path);
        Source source = source("{url: '" + url + "'}");

        boolean more = Await.onLoop(web.vertx(), () -> {
            var reading = source.read(new Records(1));
            source.close();
            return reading;
        });

        assertThat(more).isFalse();
    }
}
