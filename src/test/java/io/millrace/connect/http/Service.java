package io.millrace.connect.http;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Millrace;
import io.millrace.testkit.TestJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A flow that serves, and a client that asks it. */
final class Service implements AutoCloseable {
    private final Millrace millrace;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Millrace.Started run;
    private final String url;

    /**
     * Starts a flow whose server is called {@code api}.
     *
     * @param server the settings of the server
     * @param rest further top-level fields, each with a comma in front; {@code '} stands for {@code "}
     * @param stages the fields of {@code stages}
     */
    Service(Path directory, String server, String rest, String stages) {
        this(new Millrace(directory), server, rest, stages);
    }

    Service(Millrace millrace, String server, String rest, String stages) {
        this.millrace = millrace;
        String flow = "{'resources': {'api': {'http-server': " + server + "}}" + rest + ", 'stages': {"
                + "'where': {'source': {'values': [0]}, 'steps': [{'map': {'url': '${$resources.api.url}'}}], 'sink': 'stdout'}, "
                + stages + "}}";
        this.run = millrace.start(flow.replace('\'', '"'));
        await().pollInterval(Duration.ofMillis(5)).until(() -> out().contains("\n"));
        this.url = TestJson.read(out().lines().findFirst().orElseThrow())
                .path("url")
                .asText();
    }

    /** One stage with steps that answers requests for a path. */
    static Service answering(Path directory, String source, String steps) {
        return new Service(
                directory,
                "{}",
                "",
                "'main': {'source': {'http-server': " + source + "}, 'steps': " + steps + ", 'sink': 'discard'}");
    }

    String url() {
        return url;
    }

    int port() {
        return URI.create(url).getPort();
    }

    Millrace.Started run() {
        return run;
    }

    /** What the flow has printed. */
    String out() {
        return run.out().toString(StandardCharsets.UTF_8);
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String contentType, String body) {
        return send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).header("content-type", contentType));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return later(request).join();
    }

    CompletableFuture<HttpResponse<String>> later(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> answer) {
        return TestJson.read(answer.body());
    }

    Millrace.Outcome drain() {
        run.run().drain("the test is over");
        return run.await();
    }

    @Override
    public void close() {
        drain();
        millrace.close();
    }
}
