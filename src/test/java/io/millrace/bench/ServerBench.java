package io.millrace.bench;

import io.millrace.testkit.Millrace;
import io.millrace.testkit.TestJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much of the speed of a bare Vert.x server does {@code http-server → reply} keep? Both answer {@code {"hello": name}} to the same
 * number of requests over 100 connections, in turn, in this process; the client is a process of its own, so that the CPU time is the
 * server's.
 *
 * <pre>mvn -q test-compile exec:exec@bench -Dbench=ServerBench -Dbench.args="100000"</pre>
 *
 * The figures are in {@code src/docs/benchmarks.md}.
 */
public final class ServerBench {
    private static final int CONNECTIONS = 100;
    private static final int ROUNDS = 5;

    private ServerBench() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 2) {
            Client.run(args[0], Integer.parseInt(args[1]));
            return;
        }
        int requests = Integer.parseInt(args[0]);
        Vertx vertx = Vertx.vertx();
        HttpServer bare = await(bare(vertx));
        String bareUrl = "http://127.0.0.1:" + bare.actualPort();
        try (Millrace millrace = new Millrace(Files.createTempDirectory("bench"))) {
            Millrace.Started flow = flow(millrace);
            String flowUrl = url(flow);
            for (int round = 1; round <= ROUNDS; round++) {
                Measured byHand = Measured.of(() -> ask(bareUrl, requests));
                Measured byFlow = Measured.of(() -> ask(flowUrl, requests));
                System.out.println(byHand.line("bare Vert.x, round " + round, requests));
                System.out.println(byFlow.line("flow, round " + round, requests));
                System.out.printf(
                        "ratio: %.2f by CPU%n", byFlow.perCpuSecond(requests) / byHand.perCpuSecond(requests));
            }
            flow.run().drain("done");
            flow.await();
        }
        await(vertx.close());
    }

    /** What one would write by hand. */
    private static Future<HttpServer> bare(Vertx vertx) {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response()
                        .putHeader("content-type", "application/json")
                        .end(new JsonObject()
                                .put("hello", request.path().substring("/hello/".length()))
                                .toBuffer()))
                .listen(0, "127.0.0.1");
    }

    private static Millrace.Started flow(Millrace millrace) {
        return millrace.start("""
                {"resources": {"api": {"http-server": {}}},
                 "stages": {
                   "main": {"source": {"http-server": "/hello/:name"}, "concurrency": 100,
                            "steps": [{"reply": {"body": {"hello": "${.params.name}"}}}], "sink": "discard"},
                   "where": {"source": {"values": [0]}, "steps": [{"map": {"url": "${$resources.api.url}"}}], "sink": "stdout"}}}
                """);
    }

    private static String url(Millrace.Started flow) {
        while (!flow.out().toString(StandardCharsets.UTF_8).contains("\n")) {
            Thread.onSpinWait();
        }
        return TestJson.read(flow.out().toString(StandardCharsets.UTF_8))
                .path("url")
                .asText();
    }

    private static void ask(String url, int requests) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process client = new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerBench.class.getName(),
                        url + "/hello/Ada",
                        String.valueOf(requests))
                .inheritIO()
                .start();
        if (client.waitFor() != 0) {
            throw new IllegalStateException("the client failed");
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.MINUTES);
    }

    /** Asks again and again over each connection. */
    private static final class Client {
        private final HttpClient http;
        private final RequestOptions request;
        private final AtomicInteger left;
        private final AtomicInteger open = new AtomicInteger(CONNECTIONS);
        private final Promise<Void> done = Promise.promise();

        private Client(Vertx vertx, String url, int requests) {
            this.http = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS));
            this.request = new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(url);
            this.left = new AtomicInteger(requests);
        }

        static void run(String url, int requests) throws Exception {
            Vertx vertx = Vertx.vertx();
            Client client = new Client(vertx, url, requests);
            for (int i = 0; i < CONNECTIONS; i++) {
                client.ask();
            }
            await(client.done.future());
            await(vertx.close());
        }

        private void ask() {
            if (left.getAndDecrement() <= 0) {
                if (open.decrementAndGet() == 0) {
                    done.complete();
                }
                return;
            }
            http.request(request)
                    .compose(sent -> sent.send())
                    .compose(answer -> answer.body())
                    .onComplete(body -> ask(), done::tryFail);
        }
    }
}
