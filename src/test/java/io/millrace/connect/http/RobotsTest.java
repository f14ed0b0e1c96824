package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Step;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestFrame;
import io.millrace.testkit.TestScope;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RobotsTest {
    private static final String RULES =
            "User-agent: *\nDisallow: /\n\nUser-agent: MyBot\nDisallow: /private\nAllow: /private/open\n";

    private final Web web = new Web();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void what_robots_txt_forbids_is_rejected_and_never_asked_for() {
        String url = site(200, RULES);
        Step step = step("{robots: true, userAgent: 'MyBot/1.0 (+https://x.example)'}");

        Failure failure = web.failure(step, doc(url + "/private/a?b=1"));
        JsonNode open = web.run(step, doc(url + "/private/open"));

        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message())
                .isEqualTo("robots.txt of " + url.substring(7) + " forbids /private/a?b=1 for agent \"mybot\"."
                        + " Leave such URLs out, or ask whoever runs the site.");
        assertThat(open.get("status").asInt()).isEqualTo(200);
        assertThat(asked).containsExactly("/robots.txt", "/private/open");
    }

    @Test
    void another_agent_has_other_rules_and_without_robots_there_are_none() {
        String url = site(200, RULES);

        Failure failure = web.failure(step("{robots: true}"), doc(url + "/a"));
        JsonNode unasked = web.run(step("{}"), doc(url + "/private/a"));

        assertThat(failure.message()).contains("forbids /a for agent \"millrace\"");
        assertThat(unasked.get("status").asInt()).isEqualTo(200);
    }

    @Test
    void many_who_come_at_once_read_it_once() {
        String url = site(200, "");
        Step step = step("{robots: true}");

        List<Future<JsonNode>> results = IntStream.range(0, 20)
                .mapToObj(i -> web.start(step, web.frame(doc(url + "/" + i))))
                .toList();
        results.forEach(Await::get);

        assertThat(asked).hasSize(21);
        assertThat(asked.stream().filter("/robots.txt"::equals)).hasSize(1);
    }

    @Test
    void where_there_is_none_all_is_allowed() {
        for (int status : new int[] {401, 403, 404, 410}) {
            String url = site(status, "User-agent: *\nDisallow: /");

            assertThat(web.run(step("{robots: true}"), doc(url + "/a"))
                            .get("status")
                            .asInt())
                    .as("%d", status)
                    .isEqualTo(200);
        }
    }

    @Test
    void where_it_cannot_be_had_requests_fail_for_a_passing_reason() {
        String url = site(500, "");
        Step step = step("{robots: true}");

        Failure failure = web.failure(step, doc(url + "/a"));
        Failure again = web.failure(step, doc(url + "/b"));
        Failure nobody = web.failure(step, doc("http://127.0.0.1:1/a"));

        assertThat(List.of(failure, again, nobody)).allSatisfy(one -> {
            assertThat(one.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(one.retryable()).isTrue();
            assertThat(one.retryAfterMs()).isEqualTo(5000);
        });
        assertThat(failure.message())
                .isEqualTo("robots.txt of " + url.substring(7)
                        + " cannot be had, and so nothing else of it is fetched: GET " + url
                        + "/robots.txt answered 500 Internal Server Error");
        assertThat(nobody.message()).endsWith("127.0.0.1:1 refused the connection: nobody listens there");
        assertThat(asked).containsExactly("/robots.txt");
    }

    @Test
    void a_redirect_to_what_is_forbidden_is_not_followed() {
        String closed = site(200, "User-agent: *\nDisallow: /");
        String url = web.serve(request -> {
            if (request.path().equals("/robots.txt")) {
                request.response().end();
            } else {
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", closed + "/secret")
                        .end();
            }
        });

        Failure failure = web.failure(step("{robots: true}"), doc(url + "/a"));

        assertThat(failure.message()).contains("robots.txt of " + closed.substring(7) + " forbids /secret");
        assertThat(asked).containsExactly("/robots.txt");
    }

    @Test
    void its_crawl_delay_spaces_the_requests_to_that_host_alone_and_takes_none_of_their_time() {
        String slow = site(200, "User-agent: *\nCrawl-delay: 0.3");
        String other = site(200, "");
        Step step = step("{robots: true, timeout: '250ms'}");

        long started = System.nanoTime();
        List<Future<JsonNode>> spaced = IntStream.range(0, 4)
                .mapToObj(i -> web.start(step, web.frame(doc(slow + "/" + i))))
                .toList();
        Await.get(web.start(step, web.frame(doc(other + "/a"))));
        long meanwhile = spaced.stream().filter(Future::isComplete).count();
        spaced.forEach(Await::get);

        assertThat(meanwhile).isLessThan(4);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(890));
    }

    @Test
    void a_request_that_is_cancelled_while_the_file_is_read_ends_at_once() {
        Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
        String url = web.serve(held::add);
        Step step = step("{robots: true}");
        TestFrame frame = web.frame(doc(url + "/a"));

        Future<JsonNode> cancelled = web.start(step, frame);
        await().until(() -> held.size() == 1);
        Await.onLoop(web.vertx(), () -> ((TestScope) frame.scope()).cancel(Failure.of(Kind.CANCELLED, "enough")));

        assertThat(((Failure) Await.failure(cancelled)).kind()).isEqualTo(Kind.CANCELLED);
        held.remove().response().end();
        assertThat(held).isEmpty();
    }

    @Test
    void it_is_read_anew_after_a_day_and_after_a_failure_in_five_seconds() {
        AtomicLong now = new AtomicLong();
        AtomicInteger reads = new AtomicInteger();
        Robots robots = new Robots(
                "mybot",
                file -> reads.incrementAndGet() == 1
                        ? Future.failedFuture(Failure.of(Kind.TIMEOUT, "late"))
                        : Future.succeededFuture(answer("")),
                now::get);
        Target page = Target.parse("http://h/a");

        assertThat(robots.allow(page).failed()).isTrue();
        now.addAndGet(Robots.ASKED_AGAIN.toNanos() - 1);
        assertThat(robots.allow(page).failed()).isTrue();
        now.addAndGet(1);
        assertThat(robots.allow(page).succeeded()).isTrue();
        now.addAndGet(Robots.KEPT.toNanos() - 1);
        robots.allow(page);
        assertThat(reads).hasValue(2);
        now.addAndGet(1);
        robots.allow(page);
        assertThat(reads).hasValue(3);
    }

    @Test
    void so_many_origins_and_no_more_are_remembered() {
        AtomicInteger reads = new AtomicInteger();
        Robots robots =
                new Robots("mybot", file -> Future.succeededFuture(answer("" + reads.incrementAndGet())), () -> 0);

        IntStream.rangeClosed(0, Robots.MAX_ORIGINS).forEach(i -> robots.allow(Target.parse("http://h" + i + "/a")));
        robots.allow(Target.parse("http://h" + Robots.MAX_ORIGINS + "/b"));
        assertThat(reads).hasValue(Robots.MAX_ORIGINS + 1);
        robots.allow(Target.parse("http://h0/b"));

        assertThat(reads).hasValue(Robots.MAX_ORIGINS + 2);
    }

    @Test
    void a_long_crawl_delay_is_cut_to_thirty_seconds() {
        Robots robots = new Robots(
                "mybot", file -> Future.succeededFuture(answer("User-agent: *\nCrawl-delay: 86400")), () -> 0);
        Target page = Target.parse("http://h/a");

        assertThat(robots.delay(page)).isZero();
        assertThat(robots.allow(page).succeeded()).isTrue();
        assertThat(Duration.ofNanos(robots.delay(page))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void the_agent_is_the_name_that_the_user_agent_begins_with() {
        assertThat(Robots.agent("MyBot/1.0 (+https://x.example)")).isEqualTo("mybot");
        assertThat(Robots.agent("Mozilla/5.0 (compatible; My-Bot/2.1; +http://x)"))
                .isEqualTo("my-bot");
        assertThat(Robots.agent("millrace/0.1")).isEqualTo("millrace");
        assertThat(Robots.agent("")).isEqualTo("*");
    }

    private static Answer answer(String body) {
        return new Answer(
                200,
                MultiMap.caseInsensitiveMultiMap(),
                body.getBytes(StandardCharsets.UTF_8),
                "http://h/robots.txt",
                1);
    }

    /** A server with such a robots.txt, and pages everywhere else. */
    private String site(int status, String robots) {
        return web.serve(request -> {
            asked.add(request.uri());
            boolean rules = request.path().equals("/robots.txt");
            request.response()
                    .setStatusCode(rules ? status : 200)
                    .putHeader("content-type", "text/plain")
                    .end(Buffer.buffer(rules ? robots : "page"));
        });
    }

    private Step step(String client) {
        return web.step(web.client(client), "{url: '${.url}'}");
    }

    private static String doc(String url) {
        return "{url: '" + url + "'}";
    }
}
