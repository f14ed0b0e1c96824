package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.millrace.spi.Source;
import io.millrace.testkit.Await;
import io.millrace.testkit.ReplayableContract;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestJson;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumedHttpSourceTest {
    private static final HttpSourceType HTTP = new HttpSourceType();
    private static final String PAGES =
            "{url: 'URL/pages', next: 'if .count == 0 then null else {page: (.page + 1)} end'}";
    private static final String LINES =
            "{url: 'URL/lines', next: 'if .count == 0 then null else {page: (.page + 1)} end'}";
    private static final String CURSORS =
            "{url: 'URL/cursors', query: {status: 'a b'}, items: '.rows[]', next: '.body.cursor // null | if . then {cursor: .} else . end'}";

    private final Web web = new Web();
    private final TestAssembly assembly = web.assembly().with("http", web.client("{timeout: '10s'}"));

    @AfterEach
    void close() {
        web.close();
    }

    private String settings(Shop shop, String text) {
        return settings(web.serve(shop::answer), text);
    }

    private static String settings(String url, String text) {
        return text.replace("URL", url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PAGES,
                LINES,
                CURSORS,
                "{url: 'URL/offsets', query: {offset: 0, limit: 25}, next: 'if .count < 25 then null else {offset: (.page * 25)} end'}",
                "{url: 'URL/v1/links', next: \"rel('next')\"}",
                "{url: 'URL/links', items: '.[] | select(. % 3 > 0) | {n: .}, .', next: \"rel('next')\"}"
            })
    void goes_on_behind_any_record_however_pages_are_named(String text) {
        ReplayableContract.check(assembly, HTTP, settings(new Shop(210, 25), text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/pages", "{url: '/lines', format: 'lines'}", "{url: '/lines', format: 'csv', delimiter: ';'}"})
    void goes_on_within_a_single_page(String text) {
        String url = web.serve(new Shop(900, 900)::answer);

        ReplayableContract.check(
                assembly, HTTP, text.startsWith("{") ? text.replace("'/", "'" + url + "/") : "'" + url + text + "'");
    }

    @Test
    void goes_on_in_a_stream_that_is_longer_than_what_is_held() {
        String url = web.serve(request -> request.response().end(lines(30_000)));

        ReplayableContract.check(assembly, HTTP, "{url: '" + url + "', format: 'jsonl'}");
    }

    private static String lines(int count) {
        return IntStream.range(0, count).mapToObj(n -> "{\"n\":" + n + "}\n").collect(Collectors.joining());
    }

    @Test
    void asks_for_no_page_that_is_done_with() {
        Shop shop = new Shop(210, 25);
        String settings = settings(shop, CURSORS);
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, HTTP, settings);
        shop.asked();

        List<String> midst = ReplayableContract.rest(assembly, HTTP, settings, tokens.get(160));
        List<String> askedInMidst = shop.asked();
        List<String> end = ReplayableContract.rest(assembly, HTTP, settings, tokens.get(174));
        List<String> askedAtEnd = shop.asked();

        assertThat(midst).hasSize(49).startsWith("161");
        assertThat(askedInMidst)
                .containsExactly(
                        "/cursors?status=a%20b&cursor=c%2F6",
                        "/cursors?status=a%20b&cursor=c%2F7", "/cursors?status=a%20b&cursor=c%2F8");
        assertThat(end).hasSize(35).startsWith("175");
        assertThat(askedAtEnd)
                .containsExactly("/cursors?status=a%20b&cursor=c%2F7", "/cursors?status=a%20b&cursor=c%2F8");
    }

    @ParameterizedTest
    @ValueSource(strings = {PAGES, LINES})
    void pieces_of_a_page_in_their_order_ask_for_it_once(String text) {
        Shop shop = new Shop(210, 25);
        String settings = settings(shop, text);
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, HTTP, settings);
        Replayable source = (Replayable) assembly.source(HTTP, settings);
        shop.asked();

        for (int first : List.of(50, 57, 63, 70)) {
            Await.onLoop(web.vertx(), () -> source.replay(tokens.get(first), tokens.get(first + 1)));
            assertThat(read(source, 2)).containsExactly(first, first + 1);
            assertThat(read(source, 1)).isEmpty();
        }
        Await.onLoop(web.vertx(), () -> source.resume(tokens.get(73)));
        List<Integer> behind = read(source, 2);
        Await.onLoop(web.vertx(), source::close);

        assertThat(behind).startsWith(74);
        assertThat(shop.asked()).first().asString().endsWith("page=3");
        assertThat(shop.asked()).doesNotContain("page=3");
    }

    /** The numbers of at most so many records. */
    private List<Integer> read(Source source, int count) {
        Records records = new Records(count, true);
        Await.onLoop(web.vertx(), () -> source.read(records));
        return records.entries().stream()
                .map(entry -> Integer.parseInt(entry.value().toString().replaceAll("\\D", "")))
                .toList();
    }

    @Test
    void a_stream_of_which_a_piece_was_read_again_waits_on_the_wire() {
        AtomicLong sent = new AtomicLong();
        String url = web.serve(request -> write(request.response().setChunked(true), sent, 0));
        String settings = "{url: '" + url + "', format: 'lines'}";
        Replayable source = (Replayable) assembly.source(HTTP, settings);
        JsonNode first = TestJson.read("[1, 5, {}]");
        JsonNode last = TestJson.read("[1, 6, {}]");

        Await.onLoop(web.vertx(), () -> source.replay(first, last));
        List<Integer> piece = read(source, 10);
        Await.get(web.vertx().timer(300, TimeUnit.MILLISECONDS)); // time in which it could come, if it did not wait
        long meanwhile = sent.get();
        Await.onLoop(web.vertx(), source::close);

        assertThat(piece).containsExactly(4, 5);
        assertThat(meanwhile).isLessThan(2_000_000);
    }

    private static void write(HttpServerResponse response, AtomicLong sent, int chunk) {
        String lines = IntStream.range(chunk * 10_000, (chunk + 1) * 10_000)
                .mapToObj(n -> n + "\n")
                .collect(Collectors.joining());
        if (chunk < 200) {
            response.write(lines).onSuccess(done -> {
                sent.addAndGet(10_000);
                write(response, sent, chunk + 1);
            });
        } else {
            response.end();
        }
    }

    @Test
    void records_that_are_gone_are_left_out_and_none_outside_comes() {
        Shop shop = new Shop(60, 25);
        String settings = settings(shop, PAGES);
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, HTTP, settings);
        shop.remove(IntStream.range(40, 60).boxed().toArray(Integer[]::new));

        assertThat(ReplayableContract.piece(assembly, HTTP, settings, tokens.get(37), tokens.get(45)))
                .containsExactly("37", "38", "39");
        assertThat(ReplayableContract.piece(assembly, HTTP, settings, tokens.get(42), tokens.get(55)))
                .isEmpty();
        assertThat(ReplayableContract.piece(assembly, HTTP, settings, tokens.get(55), tokens.get(58)))
                .isEmpty();
        assertThat(ReplayableContract.rest(assembly, HTTP, settings, tokens.get(45)))
                .isEmpty();
    }

    @Test
    void a_page_that_fails_for_a_while_is_asked_for_again_when_it_is_read_again() {
        Shop shop = new Shop(210, 25);
        String url = web.serve(shop::answer);
        String settings = settings(url, PAGES).replace("{url", "{retry: {backoff: '1ms'}, url");
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, HTTP, settings);
        AtomicInteger failures = new AtomicInteger(3);
        shop.trouble(request -> request.uri().endsWith("page=3") && failures.getAndDecrement() > 0);

        assertThat(ReplayableContract.rest(assembly, HTTP, settings, tokens.get(52)))
                .hasSize(157)
                .startsWith("53");
        assertThat(failures).hasValue(-1);
    }

    @Test
    void a_page_that_cannot_be_had_again_fails_and_says_what_to_do() {
        Shop shop = new Shop(210, 25);
        String url = web.serve(shop::answer);
        String settings = settings(url, PAGES).replace("{url", "{retry: {attempts: 2, backoff: '1ms'}, url");
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, HTTP, settings);
        shop.trouble(request -> request.uri().endsWith("page=3"));

        assertThatThrownBy(() -> ReplayableContract.rest(assembly, HTTP, settings, tokens.get(52)))
                .hasMessageContaining("503")
                .hasMessageEndingWith(
                        "(after 2 attempts). With this page the run goes on: if it cannot be had any more, start over with --fresh");
    }

    @Test
    void keeps_no_secret_and_goes_on_with_a_renewed_one() {
        Shop shop = new Shop(60, 25);
        String url = web.serve(shop::answer);
        String settings = "{url: '" + url.replace("//", "//me:pass-one@")
                + "/v/path-one/links', query: {key: 'key-one'}, headers: {'x-key': 'head-one'}, next: \"rel('next')\"}";
        String renewed = settings.replace("-one", "-two");
        String kept = ReplayableContract.tokens(assembly, HTTP, settings).toString();
        JsonNode token = ReplayableContract.tokens(assembly, HTTP, settings).get(30);
        shop.asked();
        shop.headers().clear();

        List<String> rest = ReplayableContract.rest(assembly, HTTP, renewed, token);

        assertThat(kept).doesNotContain("-one").doesNotContain("127.0.0.1");
        assertThat(rest).hasSize(29).startsWith("31");
        assertThat(shop.asked())
                .containsExactly("/v/path-two/links?key=key-two&at=1", "/v/path-two/links?key=key-two&at=2");
        assertThat(shop.headers())
                .allSatisfy(sent -> assertThat(sent.get("x-key") + sent.get("authorization"))
                        .isEqualTo("head-twoBasic bWU6cGFzcy10d28="));
    }

    @Test
    void the_fingerprint_holds_no_secret() {
        Map<String, String> secrets = Map.of(
                "{url: 'http://me:one@api.example/x'}", "{url: 'http://me:two@api.example/x'}",
                "{url: 'http://api.example/x?key=one'}", "{url: 'http://api.example/x?key=two'}",
                "{url: 'http://api.example/x', query: {key: 'one'}}",
                        "{url: 'http://api.example/x', query: {key: 'two'}}",
                "{url: 'http://api.example/x', headers: {key: 'one'}}",
                        "{url: 'http://api.example/x', headers: {key: 'two'}}");

        secrets.forEach((before, after) -> {
            ObjectNode then = ReplayableContract.fingerprint(assembly, HTTP, before);
            assertThat(then.toString()).doesNotContain("one");
            assertThat(changed(after, then)).isEmpty();
        });
    }

    @Test
    void another_url_method_parameter_or_filter_is_a_change() {
        ObjectNode then = ReplayableContract.fingerprint(
                assembly, HTTP, "{url: 'http://api.example/x', query: {page: 1}, items: '.a[]', next: '.next'}");

        assertThat(changed("{url: 'http://api.example/y', query: {page: 1}, items: '.a[]', next: '.next'}", then))
                .isEqualTo("The \"url\" of the http source is http://api.example/y; when the run began, it was"
                        + " http://api.example/x. Put it back, or start over with --fresh.");
        assertThat(changed("{url: 'http://api.example/x', query: {side: 1}, items: '.a[]', next: '.next'}", then))
                .contains("\"query\"");
        assertThat(changed("{url: 'http://api.example/x', query: {page: 1}, items: '.b[]', next: '.next'}", then))
                .contains("\"items\"");
        assertThat(changed("{url: 'http://api.example/x', query: {page: 1}, items: '.a[]', next: '.n'}", then))
                .contains("\"next\"");
        assertThat(changed(
                        "{url: 'http://api.example/x', query: {page: 1}, items: '.a[]', next: '.next', method: 'PUT'}",
                        then))
                .contains("\"method\"");
    }

    private String changed(String settings, ObjectNode then) {
        return ReplayableContract.changed(assembly, HTTP, settings, then, null).orElse("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{url: 'http://a/', again: true}",
                "{url: 'http://a/', again: '5s'}",
                "{url: 'http://a/', format: 'sse'}"
            })
    void what_begins_again_for_ever_and_events_are_not_read_again(String settings) {
        assertThat(HTTP.spec().replayable(assembly.settings(HTTP.spec(), settings)))
                .isFalse();
        assertThat(assembly.source(HTTP, settings)).isNotInstanceOf(Replayable.class);
    }

    @Test
    void events_that_come_unannounced_are_refused_where_they_would_have_to_be_read_again() {
        String url = web.serve(request -> request.response()
                .putHeader("content-type", "text/event-stream")
                .end("data: one\n\n"));

        assertThatThrownBy(() -> ReplayableContract.tokens(assembly, HTTP, "'" + url + "/events'"))
                .hasMessage(
                        url + "/events answers with server-sent events, which cannot be read again. Write \"format\":"
                                + " \"sse\" and give the stage a durable queue (\"queue\": {\"durable\": true}).");
    }

    @Test
    void says_where_it_goes_on() {
        String settings = settings(new Shop(60, 25), PAGES);
        Replayable source = (Replayable) assembly.source(HTTP, settings);

        assertThat(source.place(
                        ReplayableContract.tokens(assembly, HTTP, settings).get(57)))
                .isEqualTo("record 8 of page 3");
    }
}
