package io.millrace.connect.http;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.RunSnapshot.StageSnapshot;
import io.millrace.testkit.Millrace;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bounds of a server: bodies, waiting requests, concurrency; and how it comes to its end. */
class ListenLimitsTest {
    @TempDir
    Path directory;

    @Test
    void a_body_over_maxBody_is_413_whether_its_length_is_told_or_not() throws Exception {
        try (Service service =
                Service.answering(directory, "{'path': '/', 'maxBody': '10B'}", "[{'reply': '${.body}'}]")) {
            HttpResponse<String> told = service.post("/", "text/plain", "12345678901");
            HttpResponse<String> fits = service.post("/", "text/plain", "1234567890");
            String chunked;
            String next;
            try (Socket socket = new Socket("127.0.0.1", service.port())) {
                Raw raw = new Raw(socket);
                chunked = raw.ask(
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n6\r\n123456\r\n");
                raw.write("6\r\n123456\r\n0\r\n\r\n");
                next = raw.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\na");
            }

            assertThat(told.statusCode()).isEqualTo(413);
            assertThatJson(told.body()).node("kind").isEqualTo("LIMIT");
            assertThat(fits.body()).isEqualTo("1234567890");
            assertThat(chunked).startsWith("HTTP/1.1 413");
            assertThat(next).startsWith("HTTP/1.1 200").endsWith("a");
        }
    }

    @Test
    void a_body_that_is_too_large_and_never_ends_is_cut_off_at_bodyTimeout() throws Exception {
        try (Service service = Service.answering(
                        directory,
                        "{'path': '/', 'maxBody': '10B', 'bodyTimeout': '100ms'}",
                        "[{'reply': '${.body}'}]");
                Socket socket = new Socket("127.0.0.1", service.port())) {
            Raw raw = new Raw(socket);

            String answer = raw.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n1");

            assertThat(answer).startsWith("HTTP/1.1 413");
            assertThat(raw.isClosed()).isTrue();
        }
    }

    @Test
    void a_client_that_asks_first_is_told_to_go_on_or_not() throws Exception {
        try (Service service =
                        Service.answering(directory, "{'path': '/', 'maxBody': '10B'}", "[{'reply': '${.body}'}]");
                Socket one = new Socket("127.0.0.1", service.port());
                Socket two = new Socket("127.0.0.1", service.port())) {
            String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\n";
            Raw fits = new Raw(one);
            Raw tooLarge = new Raw(two);

            String goOn = fits.ask(head + "Content-Length: 2\r\n\r\n");
            String answer = fits.ask("ok");
            String no = tooLarge.ask(head + "Content-Length: 11\r\n\r\n");

            assertThat(goOn).startsWith("HTTP/1.1 100");
            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("ok");
            assertThat(no).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void a_body_that_does_not_arrive_in_time_is_408_and_the_connection_is_closed() throws Exception {
        try (Service service = Service.answering(
                        directory, "{'path': '/', 'bodyTimeout': '100ms'}", "[{'reply': '${.body}'}]");
                Socket socket = new Socket("127.0.0.1", service.port())) {
            Raw raw = new Raw(socket);

            String answer = raw.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123");

            assertThat(answer).startsWith("HTTP/1.1 408");
            assertThat(raw.isClosed()).isTrue();
        }
    }

    @Test
    void requests_beyond_the_backlog_are_told_to_come_again() {
        try (Service service = new Service(directory, "{}", "", """
                'main': {'source': {'http-server': {'path': '/:id', 'backlog': 2}}, 'concurrency': 1, 'queue': {'capacity': 1},
                         'steps': [{'sleep': '100ms'}, {'reply': 'ok'}], 'sink': 'discard'}
                """)) {
            var answers =
                    IntStream.range(0, 5).mapToObj(i -> service.get("/" + i)).toList();
            var together = IntStream.range(0, 20)
                    .mapToObj(i -> service.later(service.request("/" + i).GET()))
                    .toList();

            assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
            var ended = together.stream().map(CompletableFuture::join).toList();
            assertThat(ended).filteredOn(answer -> answer.statusCode() == 200).hasSizeBetween(2, 8);
            assertThat(ended)
                    .filteredOn(answer -> answer.statusCode() != 200)
                    .isNotEmpty()
                    .allSatisfy(answer -> {
                        assertThat(answer.statusCode()).isEqualTo(503);
                        assertThat(answer.headers().firstValue("retry-after")).contains("1");
                    });
            assertThat(service.get("/after").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void requests_that_nobody_waits_for_any_more_never_become_items() {
        try (Service service = new Service(directory, "{}", "", """
                'main': {'source': {'http-server': {'path': '/:id', 'replyTimeout': '100ms'}}, 'concurrency': 1, 'queue': {'capacity': 1},
                         'steps': [{'sleep': '200ms'}], 'sink': 'discard'}
                """)) {
            var answers = IntStream.range(0, 10)
                    .mapToObj(i -> service.later(service.request("/" + i).GET()))
                    .toList();

            assertThat(answers).allMatch(answer -> answer.join().statusCode() == 504);
            await().during(Duration.ofMillis(300))
                    .until(() -> stage(service, "main").inFlight() == 0);
            assertThat(service.drain().result().last().read()).isLessThan(8);
        }
    }

    @Test
    void no_more_run_at_once_than_the_concurrency_of_the_stage() {
        try (Service service = Service.answering(directory, "'/:id'", "[{'sleep': '50ms'}, {'reply': 'ok'}]")) {
            var answers = IntStream.range(0, 80)
                    .mapToObj(i -> service.later(service.request("/" + i).GET()))
                    .toList();
            long most = 0;
            while (!answers.stream().allMatch(CompletableFuture::isDone)) {
                most = Math.max(most, stage(service, "main").inFlight());
            }

            assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
            assertThat(most).isEqualTo(16);
        }
    }

    private static StageSnapshot stage(Service service, String name) {
        return service.run().run().snapshot().stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_drain_answers_what_is_in_flight_and_turns_away_what_is_new() throws Exception {
        try (Service service = Service.answering(
                        directory, "'/:id'", "[{'sleep': '400ms'}, {'reply': 'done ${.params.id}'}]");
                Socket socket = new Socket("127.0.0.1", service.port())) {
            Raw open = new Raw(socket);
            assertThat(open.ask("GET /warm HTTP/1.1\r\nHost: x\r\n\r\n")).contains("done warm");
            var flying = IntStream.range(0, 10)
                    .mapToObj(i -> service.later(service.request("/" + i).GET()))
                    .toList();
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> stage(service, "main").inFlight() == 10);

            service.run().run().drain("enough");
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> service.run().run().snapshot().state().equals("draining"));
            String turnedAway = open.ask("GET /new HTTP/1.1\r\nHost: x\r\n\r\n");

            assertThat(turnedAway).startsWith("HTTP/1.1 503").contains("connection: close");
            for (int i = 0; i < flying.size(); i++) {
                assertThat(flying.get(i).join().body()).isEqualTo("done " + i);
            }
            Millrace.Outcome outcome = service.drain();
            assertThat(outcome.deadLetters()).isEmpty();
            assertThat(open.isClosed()).isTrue();
        }
    }

    @Test
    void what_cannot_be_done_within_the_drain_is_answered_with_503_too() {
        Millrace millrace = new Millrace(directory).drain(Duration.ofMillis(100));
        try (Service service = new Service(millrace, "{}", "", """
                'main': {'source': {'http-server': '/:id'}, 'steps': [{'sleep': '1m'}, {'reply': 'ok'}], 'sink': 'discard'}
                """)) {
            var answer = service.later(service.request("/1").GET());
            await().until(() -> stage(service, "main").inFlight() == 1);

            Millrace.Outcome outcome = service.drain();

            assertThat(answer.join().statusCode()).isEqualTo(503);
            assertThatJson(answer.join().body()).node("kind").isEqualTo("CANCELLED");
            assertThat(outcome.deadLetters()).hasSize(1);
            assertThat(outcome.deadLetters().get(0).at("/meta/peer/host").asText())
                    .isEqualTo("127.0.0.1");
        }
    }

    @Test
    void at_limits_items_the_source_ends_and_the_run_with_it() {
        try (Service service = new Service(directory, "{}", ", 'limits': {'items': 4}", """
                'main': {'source': {'http-server': '/:id'}, 'steps': [{'reply': 'ok'}], 'sink': 'discard'}
                """)) {
            for (int i = 0; i < 3; i++) {
                assertThat(service.get("/" + i).statusCode()).isEqualTo(200);
            }

            assertThat(service.run().await().exitCode()).isZero();
        }
    }

    @Test
    void beyond_limits_items_requests_are_turned_away_while_the_last_is_worked_on() {
        try (Service service = new Service(directory, "{}", ", 'limits': {'items': 2}", """
                'main': {'source': {'http-server': '/:id'}, 'steps': [{'sleep': '2s'}, {'reply': 'ok'}], 'sink': 'discard'}
                """)) {
            var last = service.later(service.request("/1").GET());
            await().until(() -> stage(service, "main").inFlight() == 1);

            HttpResponse<String> beyond = service.get("/2");

            assertThat(beyond.statusCode()).isEqualTo(503);
            assertThat(last).isNotDone();
            assertThat(last.join().body()).isEqualTo("ok");
        }
    }
}
