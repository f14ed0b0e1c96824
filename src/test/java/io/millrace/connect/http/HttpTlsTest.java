package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.testkit.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS, HTTP/2 and proxies, on loopback. */
class HttpTlsTest {
    @TempDir
    private static Path folder;

    private static Certificates certificates;

    private final Web web = new Web();
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void sign() {
        certificates = Certificates.of(folder, "ip:127.0.0.1,dns:millrace.test");
    }

    @AfterEach
    void close() {
        web.close();
        servers.forEach(server -> Await.get(server.close()));
    }

    /** The port of a TLS server that notes the version of HTTP. */
    private int secure() {
        HttpServerOptions options =
                new HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificates.key());
        HttpServer server = Await.get(web.vertx()
                .createHttpServer(options)
                .requestHandler(request -> {
                    seen.add(request.version().name());
                    request.response().end("secret");
                })
                .listen(0, "127.0.0.1"));
        servers.add(server);
        return server.actualPort();
    }

    private String trusting(String more) {
        return "{ca: '" + certificates.pem() + "'" + more + "}";
    }

    private String body(String client, String url) {
        return web.run(web.step(web.client(client), "{url: '" + url + "', read: 'text'}"), "{}")
                .get("body")
                .asText();
    }

    private Failure failure(String client, String url) {
        return web.failure(web.step(web.client(client), "{url: '" + url + "'}"));
    }

    @Test
    void a_certificate_of_an_unknown_authority_is_refused_and_not_tried_again() {
        Failure failure = failure("{}", "https://127.0.0.1:" + secure());

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message())
                .contains("its certificate is not signed by an authority that this Java trusts")
                .contains("\"ca\"");
    }

    @Test
    void an_authority_that_is_given_is_trusted() {
        assertThat(body(trusting(""), "https://127.0.0.1:" + secure())).isEqualTo("secret");
        assertThat(seen).containsExactly("HTTP_1_1");
    }

    @Test
    void a_certificate_of_another_host_is_refused() {
        Failure failure = failure(trusting(""), "https://localhost:" + secure());

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).startsWith("TLS with localhost:").contains("localhost");
        assertThat(seen).isEmpty();
    }

    @Test
    void http2_is_used_where_the_server_offers_it() {
        assertThat(body(trusting(", http2: true"), "https://127.0.0.1:" + secure()))
                .isEqualTo("secret");
        assertThat(seen).containsExactly("HTTP_2");
    }

    @Test
    void without_tls_http2_falls_back() {
        String url =
                web.serve(request -> request.response().end(request.version().name()));

        assertThat(body("{http2: true}", url)).isIn("HTTP_1_1", "HTTP_2");
    }

    @Test
    void many_requests_share_one_http2_connection() {
        String url = "https://127.0.0.1:" + secure();
        var step = web.step(web.client(trusting(", http2: true, perHost: 20")), "{url: '" + url + "'}");

        var results = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> web.start(step, web.frame("{}")))
                .toList();

        results.forEach(Await::get);
        assertThat(seen).hasSize(100).containsOnly("HTTP_2");
    }

    /** The port of a proxy that notes what it is asked. */
    private int proxy() {
        HttpServer server = Await.get(
                web.vertx().createHttpServer().requestHandler(this::forward).listen(0, "127.0.0.1"));
        servers.add(server);
        return server.actualPort();
    }

    private void forward(HttpServerRequest request) {
        seen.add(request.method() + " " + (request.method().equals(HttpMethod.CONNECT) ? "" : request.uri()) + " "
                + request.getHeader("proxy-authorization"));
        if (!request.method().equals(HttpMethod.CONNECT)) {
            request.response().end("by proxy");
            return;
        }
        Vertx vertx = web.vertx();
        String[] to = String.valueOf(request.authority()).split(":");
        vertx.createNetClient()
                .connect(Integer.parseInt(to[1]), to[0])
                .onSuccess(target -> request.toNetSocket().onSuccess(client -> {
                    client.pipeTo(target);
                    target.pipeTo(client);
                }));
    }

    @Test
    void a_plain_request_is_handed_to_the_proxy() {
        assertThat(body("{proxy: 'http://me:pw@127.0.0.1:" + proxy() + "'}", "http://books.test/x?a=1"))
                .isEqualTo("by proxy");
        assertThat(seen).containsExactly("GET http://books.test/x?a=1 Basic bWU6cHc=");
    }

    @Test
    void a_request_by_tls_goes_through_a_tunnel() {
        assertThat(body(trusting(", proxy: 'http://127.0.0.1:" + proxy() + "'"), "https://127.0.0.1:" + secure()))
                .isEqualTo("secret");
        assertThat(seen).containsExactly("CONNECT  null", "HTTP_1_1");
    }

    @Test
    void a_proxy_that_is_away_is_named() {
        Failure failure = failure("{proxy: 'http://127.0.0.1:1'}", "http://books.test/");

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.message()).contains("the proxy 127.0.0.1:1");
    }
}
