package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Step;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpPoolTest {
    private static final Failure STOP = Failure.of(Kind.CANCELLED, "enough");

    private final Web web = new Web();
    private final Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger closed = new AtomicInteger();

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void so_many_requests_at_once_and_no_more_go_to_a_host() {
        String url = holding();
        Step step = web.step(web.client("{perHost: 2}"), "{url: '" + url + "'}");

        List<Future<JsonNode>> results = start(step, 5);
        await().until(() -> held.size() == 2);
        List<Integer> most = new ArrayList<>();
        while (!results.stream().allMatch(Future::isComplete)) {
            await().until(() -> !held.isEmpty() || results.stream().allMatch(Future::isComplete));
            most.add(held.size());
            release();
        }

        assertThat(most).allMatch(n -> n <= 2);
        assertThat(results).allMatch(Future::succeeded);
    }

    @Test
    void all_hosts_together_have_a_bound_too() {
        String one = holding();
        String two = holding();
        Client client = web.client("{connections: 1}");

        Future<JsonNode> first =
                start(web.step(client, "{url: '" + one + "'}"), 1).get(0);
        await().until(() -> held.size() == 1);
        Future<JsonNode> second =
                start(web.step(client, "{url: '" + two + "'}"), 1).get(0);
        release();
        Await.get(first);
        await().until(() -> held.size() == 1);
        release();

        assertThat(Await.get(second).get("url").asText()).startsWith(two);
    }

    @Test
    void a_wait_for_a_place_is_told_apart_from_a_slow_server() {
        String url = holding();
        Client client = web.client("{perHost: 1, timeout: '300ms'}");
        Step step = web.step(client, "{url: '" + url + "'}");
        Gate.Ticket taken = Await.onLoop(
                web.vertx(),
                () -> Future.succeededFuture(client.gate()
                        .enter(url.substring("http://".length()), web.vertx().getOrCreateContext(), () -> {})));

        Failure failure = web.failure(step);

        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure.message())
                .startsWith("waited 300ms for a connection to 127.0.0.1:")
                .contains("(1 in use, 1 waiting)");
        client.gate().leave(taken);
    }

    @Test
    void a_cancelled_request_closes_its_connection_and_frees_its_place() {
        String url = holding();
        Step step = web.step(web.client("{perHost: 1}"), "{url: '" + url + "'}");
        TestFrame frame = web.frame("{}");

        Future<JsonNode> cancelled = web.start(step, frame);
        await().until(() -> held.size() == 1);
        held.clear();
        cancel(frame);

        assertThat(((Failure) Await.failure(cancelled)).kind()).isEqualTo(Kind.CANCELLED);
        await().until(() -> closed.get() == 1);
        Future<JsonNode> next = start(step, 1).get(0);
        await().until(() -> held.size() == 1);
        release();
        assertThat(Await.get(next).get("status").asInt()).isEqualTo(200);
    }

    @Test
    void a_request_that_is_cancelled_while_it_waits_is_never_sent() {
        String url = holding();
        Step step = web.step(web.client("{perHost: 1}"), "{url: '" + url + "${.path}'}");
        TestFrame waiting = web.frame("{path: '/cancelled'}");

        Future<JsonNode> first = web.start(step, web.frame("{path: '/first'}"));
        await().until(() -> held.size() == 1);
        Future<JsonNode> cancelled = web.start(step, waiting);
        Future<JsonNode> last = web.start(step, web.frame("{path: '/last'}"));
        cancel(waiting);
        assertThat(((Failure) Await.failure(cancelled)).kind()).isEqualTo(Kind.CANCELLED);
        release();
        Await.get(first);
        await().until(() -> held.size() == 1);

        assertThat(held.element().path()).isEqualTo("/last");
        release();
        Await.get(last);
    }

    @Test
    void a_finished_request_leaves_nothing_registered_on_its_scope() {
        String url = web.serve(request -> request.response().end());
        TestFrame frame = web.frame("{}");

        Await.get(web.start(web.step("{url: '" + url + "'}"), frame));

        assertThat(((io.millrace.testkit.TestScope) frame.scope()).registrations())
                .isZero();
    }

    @Test
    void a_rate_spreads_the_starts() {
        String url = web.serve(request -> request.response().end());
        Step step = web.step(web.client("{rate: '50/s'}"), "{url: '" + url + "'}");

        long started = System.nanoTime();
        start(step, 11).forEach(Await::get);

        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isBetween(Duration.ofMillis(180), Duration.ofSeconds(2));
    }

    @Test
    void a_delay_separates_the_starts_to_one_host_only() {
        AtomicInteger seen = new AtomicInteger();
        String slow = web.serve(request -> request.response().end());
        String other = web.serve(request -> {
            seen.incrementAndGet();
            request.response().end();
        });
        Client client = web.client("{perHost: {delay: '100ms'}, timeout: '150ms'}");

        long started = System.nanoTime();
        List<Future<JsonNode>> delayed = start(web.step(client, "{url: '" + slow + "'}"), 4);
        Await.get(start(web.step(client, "{url: '" + other + "'}"), 1).get(0));
        int before = (int) delayed.stream().filter(Future::isComplete).count();
        delayed.forEach(Await::get);

        assertThat(before).isLessThan(4);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(280));
    }

    @Test
    void retry_after_pauses_the_host_and_costs_no_attempt() {
        AtomicInteger count = new AtomicInteger();
        String url = web.serve(request -> {
            if (count.incrementAndGet() <= 1) {
                request.response()
                        .setStatusCode(429)
                        .putHeader("retry-after", "3")
                        .end();
            } else {
                request.response().end("in");
            }
        });
        Client client = web.client("{timeout: '2s'}");

        long started = System.nanoTime();
        JsonNode answer = web.run(web.step(client, "{url: '" + url + "', read: 'text'}"), "{}");

        assertThat(answer.get("body").asText()).isEqualTo("in");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(2950));
    }

    @Test
    void a_server_that_always_says_later_is_rejected_in_the_end() {
        AtomicInteger count = new AtomicInteger();
        String url = web.serve(request -> {
            count.incrementAndGet();
            request.response().setStatusCode(503).putHeader("retry-after", "0").end();
        });

        Failure failure = web.failure(web.step("{url: '" + url + "'}"));

        assertThat(failure.status()).isEqualTo(503);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).endsWith("still after 5 pauses it asked for");
        assertThat(count.get()).isEqualTo(6);
    }

    @Test
    void many_requests_from_several_loops_share_few_connections() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        String url = web.serve(request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            web.vertx().setTimer(1, id -> {
                now.decrementAndGet();
                request.response().end("x");
            });
        });
        Step step = web.step(web.client("{perHost: 7}"), "{url: '" + url + "', read: 'text'}");

        List<Future<JsonNode>> results = start(step, 500);

        results.forEach(
                result -> assertThat(Await.get(result).get("body").asText()).isEqualTo("x"));
        assertThat(most.get()).isLessThanOrEqualTo(7);
    }

    /** A server that answers when it is told to. */
    private String holding() {
        return web.serve(request -> {
            held.add(request);
            request.connection().closeHandler(v -> closed.incrementAndGet());
        });
    }

    private void release() {
        HttpServerRequest request = held.poll();
        if (request != null) {
            request.response().end();
        }
    }

    private List<Future<JsonNode>> start(Step step, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> web.start(step, web.frame("{}")))
                .toList();
    }

    private void cancel(TestFrame frame) {
        Await.onLoop(web.vertx(), () -> frame.scope().cancel(STOP));
    }
}
