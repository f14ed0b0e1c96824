package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpRedirectTest {
    private final Web web = new Web();

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void follows_relative_locations_to_the_answer() {
        String url = web.serve(request -> {
            if ("y=2".equals(request.query())) {
                echo(request);
            } else {
                redirect(request, 301, request.path().equals("/d/e") ? "?y=2" : "../d/./e#part");
            }
        });

        assertThat(web.get(url + "/c/start").get("url").asText()).isEqualTo(url + "/d/e?y=2");
    }

    @Test
    void a_post_becomes_a_get_unless_the_status_keeps_the_method() {
        String url = web.serve(request -> {
            if (request.path().equals("/end")) {
                echo(request);
            } else {
                redirect(request, Integer.parseInt(request.path().substring(1)), "/end");
            }
        });

        for (int status : new int[] {301, 302, 303}) {
            JsonNode seen = post(url + "/" + status);
            assertThat(seen.get("method").asText()).as("%d", status).isEqualTo("GET");
            assertThat(seen.get("body").asText()).isEmpty();
            assertThat(seen.get("type").isNull()).isTrue();
        }
        for (int status : new int[] {307, 308}) {
            JsonNode seen = post(url + "/" + status);
            assertThat(seen.get("method").asText()).as("%d", status).isEqualTo("POST");
            assertThat(seen.get("body").asText()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void takes_no_secrets_to_another_origin() {
        String elsewhere = web.serve(HttpRedirectTest::echo);
        String url = web.serve(request -> {
            if (request.path().equals("/home")) {
                echo(request);
            } else {
                redirect(request, 302, request.path().equals("/away") ? elsewhere + "/" : "/home");
            }
        });
        Client client = web.client("{headers: {'X-Api-Key': 'k'}, auth: {bearer: 't'}}");
        String headers = "headers: {cookie: 'c=1', 'accept-language': 'en'}";

        JsonNode away = web.run(web.step(client, "{url: '" + url + "/away', " + headers + "}"), "{}")
                .get("body");
        JsonNode home = web.run(web.step(client, "{url: '" + url + "/same', " + headers + "}"), "{}")
                .get("body");

        assertThat(away.get("authorization").isNull()).isTrue();
        assertThat(away.get("cookie").isNull()).isTrue();
        assertThat(away.get("key").isNull()).isTrue();
        assertThat(away.get("language").asText()).isEqualTo("en");
        assertThat(home.get("authorization").asText()).isEqualTo("Bearer t");
        assertThat(home.get("cookie").asText()).isEqualTo("c=1");
        assertThat(home.get("key").asText()).isEqualTo("k");
    }

    @Test
    void a_loop_ends_and_is_rejected() {
        String url = web.serve(request -> redirect(request, 302, "/again"));

        Failure failure = web.failure(web.step(web.client("{redirects: 3}"), "{url: '" + url + "/loop'}"));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.REJECTED);
        assertThat(failure.message()).startsWith("more than 3 redirects from " + url + "/loop");
    }

    @Test
    void a_redirect_is_the_answer_where_none_are_followed() {
        String url = web.serve(request -> redirect(request, 302, "/again"));

        JsonNode answer = web.run(web.step(web.client("{redirects: false}"), "{url: '" + url + "'}"), "{}");

        assertThat(answer.get("status").asInt()).isEqualTo(302);
        assertThat(answer.at("/headers/location").asText()).isEqualTo("/again");
    }

    @Test
    void a_redirect_out_of_the_web_is_rejected() {
        String url = web.serve(request -> redirect(request, 302, "ftp://example.org/x"));

        assertThat(web.failure(web.step("{url: '" + url + "'}")))
                .hasMessage(url + "/ redirects to \"ftp://example.org/x\", which is not an http URL");
    }

    private JsonNode post(String url) {
        return web.run(web.step("{url: '" + url + "', body: {a: 1}}"), "{}").get("body");
    }

    private static void redirect(HttpServerRequest request, int status, String location) {
        request.response().setStatusCode(status).putHeader("location", location).end("moved");
    }

    private static void echo(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> request.response()
                        .putHeader("content-type", "application/json")
                        .end(new JsonObject()
                                .put("method", request.method().name())
                                .put("type", request.getHeader("content-type"))
                                .put("authorization", request.getHeader("authorization"))
                                .put("cookie", request.getHeader("cookie"))
                                .put("key", request.getHeader("x-api-key"))
                                .put("language", request.getHeader("accept-language"))
                                .put("body", body.toString())
                                .toBuffer()));
    }
}
