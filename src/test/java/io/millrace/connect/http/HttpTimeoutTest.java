package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Millrace;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a step under {@code timeout} is said to have been doing. */
class HttpTimeoutTest {
    @TempDir
    private Path folder;

    private final Web web = new Web();

    @AfterEach
    void close() {
        web.close();
    }

    /** The message of the one item that failed. */
    private String timedOut(String client, String url, String source) {
        try (Millrace millrace = new Millrace(folder)) {
            Millrace.Outcome outcome = millrace.run("{'resources': {'web': {'http': " + client + "}}, 'stages': {'a': {"
                    + source + ", 'concurrency': 3, 'steps': [{'http': '" + url
                    + "', 'timeout': '900ms'}], 'sink': 'discard'}}}");
            return outcome.deadLetters().stream()
                    .map(letter -> letter.at("/error/kind").asText() + " "
                            + letter.at("/error/message").asText())
                    .sorted()
                    .reduce("", (all, next) -> all + next + "\n");
        }
    }

    @Test
    void a_wait_for_a_free_connection() {
        String url = web.serve(HttpServerRequest::path);

        String messages = timedOut("{'perHost': 1}", url, "'source': {'values': [1, 2, 3]}");

        String address = url.substring("http://".length());
        assertThat(messages)
                .contains("TIMEOUT `http` took longer than 900 ms: it was waiting for a free connection to " + address
                        + " (perHost 1, all in use, ")
                .contains("TIMEOUT `http` took longer than 900 ms: it was waiting for the first byte from " + address
                        + ".");
    }

    @Test
    void a_wait_for_the_first_byte() {
        String url = web.serve(HttpServerRequest::path);

        assertThat(timedOut("{}", url, "'source': {'values': [1]}"))
                .isEqualTo("TIMEOUT `http` took longer than 900 ms: it was waiting for the first byte from "
                        + url.substring("http://".length()) + ".\n");
    }

    @Test
    void a_body_that_stops_in_the_midst() {
        String url = web.serve(request ->
                request.response().putHeader("content-length", "1000").write("x".repeat(100)));

        assertThat(timedOut("{}", url, "'source': {'values': [1]}"))
                .isEqualTo("TIMEOUT `http` took longer than 900 ms: it was reading the body from "
                        + url.substring("http://".length()) + ", of which 100 of 1000 bytes had come.\n");
    }

    @Test
    void a_pause_that_the_server_has_asked_for() {
        String url = web.serve(request -> request.response()
                .setStatusCode(429)
                .putHeader("retry-after", "20")
                .end());

        assertThat(timedOut("{}", url, "'source': {'values': [1]}"))
                .matches(
                        "TIMEOUT `http` took longer than 900 ms: it was waiting out the Retry-After of 127\\.0\\.0\\.1:\\d+"
                                + " \\(status 429, 1\\d{4} ms left\\)\\.\n");
    }

    @Test
    void its_turn_by_the_rate_of_the_client() {
        String url = web.serve(request -> request.response().end());

        assertThat(timedOut("{'perHost': {'delay': '10s'}}", url, "'source': {'values': [1, 2]}"))
                .contains("it was waiting for its turn by the client's rate or delay");
    }
}
