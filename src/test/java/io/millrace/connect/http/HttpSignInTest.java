package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Step;
import io.millrace.testkit.Await;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpSignInTest {
    private final Web web = new Web();
    private final AtomicInteger tokens = new AtomicInteger();
    private volatile String form = "";

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void sends_basic_and_bearer_credentials() {
        String url = web.serve(request -> request.response().end(request.getHeader("authorization")));

        assertThat(sent(url, "{auth: {basic: {user: 'Aladdin', password: 'open sesame'}}}"))
                .isEqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assertThat(sent(url, "{auth: {bearer: 'abc'}}")).isEqualTo("Bearer abc");
        assertThat(sent(url.replace("//", "//Aladdin:open%20sesame@"), "{}")).startsWith("Basic ");
    }

    @Test
    void fetches_one_token_when_it_opens_and_one_more_on_a_401() {
        String issuer = issuer();
        String url = web.serve(request -> {
            boolean good = "Bearer token-2".equals(request.getHeader("authorization"));
            request.response().setStatusCode(good ? 200 : 401).end("ok");
        });
        Client client = web.client(
                "{auth: {oauth2: {tokenUrl: '" + issuer + "', clientId: 'id', clientSecret: 's&s', scope: 'a b'}}}");
        Step step = web.step(client, "{url: '" + url + "', read: 'text'}");
        assertThat(tokens.get()).isEqualTo(1);

        List<Future<JsonNode>> results = IntStream.range(0, 20)
                .mapToObj(i -> web.start(step, web.frame("{}")))
                .toList();

        results.forEach(
                result -> assertThat(Await.get(result).get("body").asText()).isEqualTo("ok"));
        assertThat(tokens.get()).isEqualTo(2);
        assertThat(form).isEqualTo("grant_type=client_credentials&client_id=id&client_secret=s%26s&scope=a+b");
    }

    @Test
    void a_second_401_is_rejected() {
        String url = web.serve(request -> request.response().setStatusCode(401).end());
        Client client =
                web.client("{auth: {oauth2: {tokenUrl: '" + issuer() + "', clientId: 'id', refreshToken: 'r'}}}");

        Failure failure = web.failure(web.step(client, "{url: '" + url + "'}"));

        assertThat(failure.status()).isEqualTo(401);
        assertThat(tokens.get()).isEqualTo(2);
        assertThat(form).isEqualTo("grant_type=refresh_token&refresh_token=r&client_id=id");
    }

    @Test
    void a_client_whose_token_is_refused_does_not_open() {
        String issuer =
                web.serve(request -> request.response().setStatusCode(400).end("bad client"));
        var type = new HttpConnector.ClientResource();
        var client = type.build(
                web.assembly().settings(type.spec(), "{auth: {oauth2: {tokenUrl: '" + issuer + "', clientId: 'x'}}}"),
                web.assembly());

        Throwable failure = Await.failure(client.open());

        assertThat(failure).hasMessage("no OAuth 2 token: POST " + issuer + "/ answered 400 Bad Request");
        Await.get(client.close());
    }

    @Test
    void cookies_are_kept_and_sent_back_to_the_host_that_set_them() {
        String url = web.serve(request -> {
            request.response().putHeader("set-cookie", "sid=42; Path=/app; HttpOnly");
            request.response().end(String.valueOf(request.getHeader("cookie")));
        });
        Step step = web.step(web.client("{cookies: true}"), "{url: '" + url + "${.path}', read: 'text'}");

        assertThat(body(step, "/app/login")).isEqualTo("null");
        assertThat(body(step, "/app/page")).isEqualTo("sid=42");
        assertThat(body(step, "/other")).isEqualTo("null");
    }

    @Test
    void cookies_are_forgotten_unless_the_client_keeps_them() {
        String url = web.serve(request -> {
            request.response().putHeader("set-cookie", "sid=42; Path=/");
            request.response().end(String.valueOf(request.getHeader("cookie")));
        });
        Step step = web.step("{url: '" + url + "${.path}', read: 'text'}");

        assertThat(body(step, "/")).isEqualTo("null");
        assertThat(body(step, "/")).isEqualTo("null");
    }

    @Test
    void check_reports_two_ways_to_sign_in_and_a_proxy_that_is_none() {
        var spec = new HttpConnector.ClientResource().spec();

        assertThat(web.assembly()
                        .problems(spec, "{auth: {bearer: 'a', basic: {user: 'u', password: 'p'}}, proxy: 'here'}"))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("exclude each other"))
                .anyMatch(problem -> problem.contains("\"here\" is not a proxy"));
    }

    private String body(Step step, String path) {
        return web.run(step, "{path: '" + path + "'}").get("body").asText();
    }

    private String sent(String url, String client) {
        return web.run(web.step(web.client(client), "{url: '" + url + "', read: 'text'}"), "{}")
                .get("body")
                .asText();
    }

    /** Gives out token-1, token-2 and so on. */
    private String issuer() {
        return web.serve(request -> request.body().onSuccess(body -> {
            form = body.toString();
            request.response()
                    .putHeader("content-type", "application/json")
                    .end(new JsonObject()
                            .put("access_token", "token-" + tokens.incrementAndGet())
                            .put("expires_in", 3600)
                            .toBuffer());
        }));
    }
}
