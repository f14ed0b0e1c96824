package io.millrace.connect.http;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.Millrace;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every request gets exactly one answer, and the right one. */
class ListenAnswerTest {
    @TempDir
    Path directory;

    private Service answering(String steps) {
        return Service.answering(directory, "'/:id'", steps);
    }

    private static String type(HttpResponse<String> answer) {
        return answer.headers().firstValue("content-type").orElse("");
    }

    @Test
    void an_object_is_answered_as_json_and_a_string_as_text() {
        try (Service service = answering(
                "[{'switch': [{'when': '.params.id == \\\"text\\\"', 'do': [{'reply': 'grün'}]}, {'do': [{'reply': {'body': {'id': '${.params.id}'}}}]}]}]")) {
            HttpResponse<String> text = service.get("/text");
            HttpResponse<String> object = service.get("/7");

            assertThat(text.body()).isEqualTo("grün");
            assertThat(type(text)).isEqualTo("text/plain; charset=utf-8");
            assertThatJson(object.body()).isEqualTo("{id: '7'}");
            assertThat(type(object)).isEqualTo("application/json");
        }
    }

    @Test
    void status_and_headers_are_what_the_step_says() {
        try (Service service = answering("""
                [{'reply': {'status': '${.params.id | tonumber}', 'body': '<b>',
                  'headers': {'Content-Type': 'text/html', 'Set-Cookie': ['a=1', 'b=2'], 'x-none': '${null}', 'content-length': '99'}}}]
                """)) {
            HttpResponse<String> answer = service.get("/418");

            assertThat(answer.statusCode()).isEqualTo(418);
            assertThat(type(answer)).isEqualTo("text/html");
            assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
            assertThat(answer.headers().map()).doesNotContainKey("x-none");
            assertThat(answer.body()).isEqualTo("<b>");
        }
    }

    @Test
    void no_body_is_an_empty_answer() {
        try (Service service = answering("[{'reply': {'status': 202}}]")) {
            HttpResponse<String> answer = service.get("/1");

            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(answer.body()).isEmpty();
            assertThat(type(answer)).isEmpty();
        }
    }

    @Test
    void a_head_request_has_the_length_and_no_body() {
        try (Service service = answering("[{'reply': 'four'}]")) {
            HttpResponse<String> answer = service.send(service.request("/1").method("HEAD", BodyPublishers.noBody()));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-length")).contains("4");
        }
    }

    @Test
    void a_status_or_header_that_cannot_be_sent_is_a_failure_of_the_item() {
        try (Service service = answering(
                "[{'reply': {'status': '${.params.id | tonumber}', 'headers': {'x': '${.query.x // \\\"\\\"}'}}}]")) {
            HttpResponse<String> status = service.get("/99");
            HttpResponse<String> header = service.get("/200?x=a%0d%0ab:c");

            assertThat(status.statusCode()).isEqualTo(500);
            assertThatJson(status.body()).node("kind").isEqualTo("BAD_DATA");
            assertThat(header.statusCode()).isEqualTo(500);
            assertThat(header.body()).contains("line break");
        }
    }

    @Test
    void without_a_reply_it_is_204_once_all_has_ended() {
        try (Service service = new Service(directory, "{}", "", """
                'main': {'source': {'http-server': '/:id'}, 'steps': [{'emit': 'later'}, {'split': '1, 2'}], 'to': 'later'},
                'later': {'steps': [{'sleep': '150ms'}, {'filter': 'false'}], 'sink': 'discard'}
                """)) {
            long start = System.nanoTime();

            HttpResponse<String> answer = service.get("/1");

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(System.nanoTime() - start).isGreaterThan(150_000_000);
        }
    }

    @Test
    void split_into_nothing_or_filtered_is_204_too() {
        try (Service service = answering("[{'filter': '.params.id == \\\"split\\\"'}, {'split': 'empty'}]")) {
            assertThat(service.get("/split").statusCode()).isEqualTo(204);
            assertThat(service.get("/filter").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void a_failure_is_500_with_kind_and_message_and_secrets_left_out() {
        Millrace millrace = new Millrace(directory).param("key", "hunter2");
        try (Service service = new Service(millrace, "{}", ", 'params': {'key': {'type': 'secret'}}", """
                'main': {'source': {'http-server': '/:id'}, 'steps': [{'raise': 'no ${.params.id} for ${$params.key}'}], 'sink': 'discard'}
                """)) {
            HttpResponse<String> answer = service.get("/cake");

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThatJson(answer.body()).isEqualTo("{kind: 'BAD_DATA', message: 'no cake for ***'}");
        }
    }

    @Test
    void what_is_dropped_for_a_failure_is_500_as_well() {
        try (Service service = answering("[{'raise': 'no', 'onError': 'drop'}]")) {
            assertThat(service.get("/1").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void a_descendant_in_another_stage_may_answer_or_fail() {
        try (Service service = new Service(directory, "{}", "", """
                'main': {'source': {'http-server': '/:id'}, 'steps': [{'split': '.params.id, \\\"other\\\"', 'as': 'part'}], 'to': 'next'},
                'next': {'steps': [{'filter': '.part != \\\"other\\\"'}, {'emit': {'to': 'last'}}], 'sink': 'discard'},
                'last': {'steps': [{'raise': 'boom', 'when': '.part == \\\"bad\\\"'}, {'reply': 'last ${.part}'}], 'sink': 'discard'}
                """)) {
            assertThat(service.get("/good").body()).isEqualTo("last good");
            assertThat(service.get("/bad").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void a_group_answers_all_whose_requests_it_holds() {
        try (Service service = answering("[{'collect': {'items': 3}}, {'reply': {'body': {'count': '${.count}'}}}]")) {
            var answers = IntStream.range(0, 3)
                    .mapToObj(i -> service.later(service.request("/" + i).GET()))
                    .toList();

            assertThat(answers)
                    .allSatisfy(answer -> assertThatJson(answer.join().body()).isEqualTo("{count: 3}"));
        }
    }

    @Test
    void the_first_of_two_answers_is_sent_and_the_second_left_out() {
        try (Service service = answering("[{'reply': 'one'}, {'reply': 'two'}, {'raise': 'late'}]")) {
            assertThat(service.get("/1").body()).isEqualTo("one");
            assertThat(service.get("/2").body()).isEqualTo("one");
        }
    }

    @Test
    void an_attempt_that_fails_after_its_answer_has_answered() {
        try (Service service =
                answering("[{'do': [{'reply': '${$meta.attempt}'}, {'raise': 'x'}], 'onError': 'ignore'}]")) {
            assertThat(service.get("/1").body()).isEqualTo("1");
        }
    }

    @Test
    void a_branch_that_lost_a_race_does_not_answer() {
        try (Service service = answering(
                "[{'race': [[{'sleep': '5s'}, {'reply': 'slow'}], [{'sleep': '10ms'}, {'set': {'won': true}}]]}, {'reply': 'after'}]")) {
            assertThat(service.get("/1").body()).isEqualTo("after");
        }
    }

    @Test
    void at_replyTimeout_it_is_504_and_the_item_goes_on() {
        try (Service service = new Service(directory, "{}", "", """
                'main': {'source': {'http-server': {'path': '/:id', 'replyTimeout': '50ms'}},
                         'steps': [{'sleep': '300ms'}, {'reply': 'late'}, {'map': {'done': '${.params.id}'}}], 'sink': 'stdout'}
                """)) {
            HttpResponse<String> answer = service.get("/1");

            assertThat(answer.statusCode()).isEqualTo(504);
            assertThatJson(answer.body()).node("kind").isEqualTo("TIMEOUT");
            await().untilAsserted(() -> assertThat(service.out()).contains("{\"done\":\"1\"}"));
        }
    }

    @Test
    void a_client_that_goes_away_leaves_its_item_to_go_on() throws Exception {
        try (Service service = new Service(directory, "{}", "", """
                'main': {'source': {'http-server': '/:id'}, 'steps': [{'sleep': '200ms'}, {'reply': 'gone'}, {'map': {'done': 1}}], 'sink': 'stdout'}
                """)) {
            try (Socket socket = new Socket("127.0.0.1", service.port())) {
                socket.getOutputStream()
                        .write("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                await().until(() -> service.run().run().snapshot().read() == 2);
            }

            await().untilAsserted(() -> assertThat(service.out()).contains("{\"done\":1}"));
            assertThat(service.drain().deadLetters()).isEmpty();
        }
    }

    @Test
    void reply_failure_and_timeout_at_the_same_moment_give_one_answer() {
        try (Service service = new Service(directory, "{}", "", """
                'main': {'source': {'http-server': {'path': '/:id', 'replyTimeout': '20ms'}}, 'concurrency': 200,
                         'steps': [{'sleep': '19ms'}, {'emit': 'fails'}, {'emit': 'answers'}], 'sink': 'discard'},
                'fails': {'steps': [{'raise': 'no'}], 'sink': 'discard'},
                'answers': {'steps': [{'reply': 'yes'}], 'sink': 'discard'}
                """)) {
            var answers = IntStream.range(0, 300)
                    .mapToObj(i -> service.later(service.request("/" + i).GET()))
                    .toList();

            List<Integer> statuses =
                    answers.stream().map(answer -> answer.join().statusCode()).toList();
            assertThat(statuses).hasSize(300).isSubsetOf(200, 500, 504);
            assertThat(service.get("/again").statusCode()).isIn(200, 500, 504);
        }
    }

    @Test
    void a_thousand_at_once_each_get_their_own_answer() {
        try (Service service =
                Service.answering(directory, "'/:id'", "[{'sleep': '20ms'}, {'reply': 'for ${.params.id}'}]")) {
            var answers = IntStream.range(0, 1000)
                    .mapToObj(i -> service.later(service.request("/" + i).GET()))
                    .toList();

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).join().body()).isEqualTo("for " + i);
            }
        }
    }

    @Test
    void a_connection_lives_on_after_an_error() throws Exception {
        try (Service service = answering("[{'raise': 'no', 'when': '.params.id == \\\"1\\\"'}, {'reply': 'ok'}]");
                Socket socket = new Socket("127.0.0.1", service.port())) {
            Raw raw = new Raw(socket);

            assertThat(raw.ask("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 500");
            assertThat(raw.ask("GET /a/b HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 404");
            assertThat(
                            raw.ask(
                                    "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{"))
                    .startsWith("HTTP/1.1 400");
            assertThat(raw.ask("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200");
        }
    }
}
