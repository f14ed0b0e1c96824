package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpFailureTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final Web web = new Web();

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void a_port_where_nobody_listens_is_unreachable() {
        Failure failure = failure("http://127.0.0.1:1/");

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).isEqualTo("127.0.0.1:1 refused the connection: nobody listens there");
    }

    @Test
    void a_host_without_an_address_is_unreachable() {
        Failure failure = failure("http://no-such-host.invalid/");

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.message()).contains("unknown host no-such-host.invalid");
    }

    @Test
    void https_to_a_server_without_tls_is_told_in_words() {
        String url = web.serve(request -> request.response().end("plain"));

        Failure failure = failure(url.replace("http:", "https:"));

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.message()).endsWith("what it sends is not TLS. Write http:// if the server has none there");
    }

    @Test
    void what_is_no_url_is_bad_data() {
        Failure failure = web.failure(web.step("{url: '${.value}'}"), "{value: 'shop'}");

        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(failure.message()).isEqualTo("\"shop\" is not an http URL. Write http://… or https://…");
    }

    @Test
    void an_error_status_is_rejected_with_the_beginning_of_its_body() {
        String url = web.serve(request -> request.response().setStatusCode(500).end("out of paper"));

        Failure failure = failure(url + "/print");

        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).isEqualTo("GET " + url + "/print answered 500 Internal Server Error");
        assertThat(failure.toJson().get("body").asText()).isEqualTo("out of paper");
    }

    @Test
    void only_statuses_that_may_pass_are_retryable() {
        String url = web.serve(request -> request.response()
                .setStatusCode(Integer.parseInt(request.path().substring(1)))
                .end());

        for (int status : new int[] {408, 425, 429, 500, 502, 503, 504}) {
            assertThat(failure(url + "/" + status).retryable()).as("%d", status).isTrue();
        }
        for (int status : new int[] {400, 401, 403, 404, 410, 422}) {
            assertThat(failure(url + "/" + status).retryable()).as("%d", status).isFalse();
        }
    }

    @Test
    void an_error_with_an_endless_body_is_told_without_waiting_for_its_end() {
        String url = web.serve(request -> {
            request.response().setStatusCode(500).setChunked(true);
            request.response().write(Buffer.buffer(new byte[200_000]));
        });

        assertThat(failure(url).status()).isEqualTo(500);
    }

    @Test
    void a_body_that_stops_before_its_end_is_unreachable() {
        String url = web.answering(OK + "Content-Length: 1000\r\n\r\n0123456789");

        Failure failure = failure(url);

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.message()).contains("connection closed after 10 of 1000 bytes");
    }

    @Test
    void a_connection_that_closes_without_an_answer_is_unreachable() {
        String url = web.serveRaw(socket -> socket.handler(asked -> socket.close()));

        Failure failure = failure(url);

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.message())
                .startsWith("connection closed before 127.0.0.1:")
                .endsWith("answered");
    }

    @Test
    void what_is_not_http_is_bad_data() {
        Failure failure = failure(web.answering("220 mail.example ESMTP\r\n\r\n"));

        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(failure.message()).contains("does not speak HTTP");
    }

    @Test
    void one_byte_after_another_does_not_outlive_the_deadline() {
        String url = web.serveRaw(socket -> socket.handler(asked -> {
            socket.write(OK + "Content-Length: 1000000\r\n\r\n");
            long timer = web.vertx().setPeriodic(10, id -> socket.write("x"));
            socket.closeHandler(v -> web.vertx().cancelTimer(timer));
        }));

        Failure failure = web.failure(web.step(web.client("{timeout: '200ms'}"), "{url: '" + url + "'}"));

        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure.message()).contains("the body from").contains("was not complete after 200ms");
    }

    @Test
    void a_server_that_says_nothing_is_told_apart_from_a_slow_body() {
        String url = web.serve(request -> {});

        Failure failure = web.failure(web.step(web.client("{timeout: '100ms'}"), "{url: '" + url + "'}"));

        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure.message()).contains("sent no answer within 100ms");
    }

    @Test
    void a_bomb_ends_at_max_body() throws Exception {
        byte[] bomb = Compressed.bomb(50_000_000);
        String url = web.serve(request ->
                request.response().putHeader("content-encoding", "gzip").end(Buffer.buffer(bomb)));

        Failure failure = web.failure(web.step(web.client("{maxBody: '1MB'}"), "{url: '" + url + "'}"));

        assertThat(failure.kind()).isEqualTo(Kind.LIMIT);
        assertThat(failure.message()).contains("maxBody").contains("decompressed");
    }

    @Test
    void a_body_over_max_body_is_refused_by_its_length_and_by_its_bytes() {
        Client client = web.client("{maxBody: '1KB'}");
        String url = web.serve(request -> {
            request.response().setChunked(request.path().equals("/chunked"));
            request.response().end(Buffer.buffer(new byte[2000]));
        });

        Failure announced = web.failure(web.step(client, "{url: '" + url + "'}"));
        Failure found = web.failure(web.step(client, "{url: '" + url + "/chunked'}"));

        assertThat(announced.kind()).isEqualTo(Kind.LIMIT);
        assertThat(announced.message()).contains("has 2000 bytes, more than maxBody (1024 bytes)");
        assertThat(found.message()).contains("goes on after 1024 bytes, more than maxBody");
    }

    @Test
    void json_that_is_none_is_bad_data_with_its_position() {
        String url = web.serve(request ->
                request.response().putHeader("content-type", "application/json").end("{\"a\": 1,\n \"b\": oops}"));

        Failure failure = failure(url);

        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(failure.message()).contains("is not JSON").contains("line 2, column");
        assertThat(failure.toJson().get("body").asText()).contains("oops");
    }

    @Test
    void a_body_that_is_not_compressed_as_it_says_is_bad_data() {
        String url = web.serve(request ->
                request.response().putHeader("content-encoding", "gzip").end("plain"));

        assertThat(failure(url).kind()).isEqualTo(Kind.BAD_DATA);
    }

    @Test
    void a_kept_connection_that_the_server_closed_costs_nothing() {
        var connections = new java.util.concurrent.atomic.AtomicInteger();
        String url = web.serveRaw(socket -> {
            int number = connections.incrementAndGet();
            var requests = new java.util.concurrent.atomic.AtomicInteger();
            socket.handler(asked -> {
                if (requests.incrementAndGet() == 1) {
                    socket.write(OK + "Content-Length: 1\r\n\r\n" + number);
                } else {
                    socket.close();
                }
            });
        });
        Client client = web.client("{}");

        var first = web.run(web.step(client, "{url: '" + url + "', read: 'text'}"), "{}");
        var second = web.run(web.step(client, "{url: '" + url + "', read: 'text'}"), "{}");

        assertThat(first.get("body").asText()).isEqualTo("1");
        assertThat(second.get("body").asText()).isEqualTo("2");
    }

    private Failure failure(String url) {
        return failure(url, "{}");
    }

    private Failure failure(String url, String client) {
        return web.failure(web.step(web.client(client), "{url: '" + url + "'}"));
    }
}
