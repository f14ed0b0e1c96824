package io.millrace.bench;

import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much of the speed of a bare WebClient loop does {@code lines → http → jsonl} keep? Both fetch the same small page with 100 in
 * flight from one server, in turn, in this process, and write one JSON line for each.
 *
 * <pre>mvn -q test-compile exec:exec@bench -Dbench=HttpFetchBench -Dbench.args="http://127.0.0.1:8080/page.html 100000"</pre>
 *
 * The figures are in {@code src/docs/benchmarks.md}.
 */
public final class HttpFetchBench {
    private static final int IN_FLIGHT = 100;
    private static final int ROUNDS = 5;

    private HttpFetchBench() {}

    public static void main(String[] args) throws Exception {
        String url = args[0];
        int pages = Integer.parseInt(args[1]);
        Path directory = Files.createTempDirectory("bench");
        Files.write(directory.resolve("urls.txt"), Collections.nCopies(pages, url));
        Vertx vertx = Vertx.vertx();
        try (Millrace millrace = new Millrace(directory)) {
            for (int round = 1; round <= ROUNDS; round++) {
                Measured bare = Measured.of(() -> bare(vertx, directory));
                Measured flow = Measured.of(() -> flow(millrace, pages));
                System.out.println(bare.line("bare WebClient, round " + round, pages));
                System.out.println(flow.line("flow, round " + round, pages));
                System.out.printf(
                        "ratio: %.2f by CPU, %.2f by wall clock%n",
                        flow.perCpuSecond(pages) / bare.perCpuSecond(pages),
                        flow.perSecond(pages) / bare.perSecond(pages));
            }
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void flow(Millrace millrace, int pages) {
        Millrace.Outcome outcome = millrace.run("""
                {'resources': {'web': {'http': {'perHost': 100}}},
                 'source': {'lines': 'urls.txt'}, 'concurrency': 100,
                 'steps': [{'http': '${.value}'}, {'map': {'url': '${.value}', 'status': '${.http.status}', 'body': '${.http.body}'}}],
                 'sink': {'jsonl': {'path': 'pages.jsonl'}}}
                """);
        if (outcome.exitCode() != 0 || outcome.result().last().read() != pages) {
            throw new IllegalStateException(outcome.result().toString());
        }
    }

    private static void bare(Vertx vertx, Path directory) throws Exception {
        Promise<Void> done = Promise.promise();
        try (BufferedWriter out = Files.newBufferedWriter(directory.resolve("bare.jsonl"))) {
            List<String> urls = Files.readAllLines(directory.resolve("urls.txt"));
            vertx.runOnContext(ignored -> new Loop(vertx, urls, out, done).start());
            done.future().toCompletionStage().toCompletableFuture().get(5, TimeUnit.MINUTES);
        }
    }

    /** What one would write by hand: so many chains, each fetching the next URL when it is done. */
    private static final class Loop {
        private final WebClient client;
        private final List<String> urls;
        private final BufferedWriter out;
        private final Promise<Void> done;
        private final AtomicInteger chains = new AtomicInteger(IN_FLIGHT);
        private int next;

        Loop(Vertx vertx, List<String> urls, BufferedWriter out, Promise<Void> done) {
            this.client = WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(IN_FLIGHT));
            this.urls = urls;
            this.out = out;
            this.done = done;
        }

        void start() {
            for (int i = 0; i < IN_FLIGHT; i++) {
                fetch();
            }
        }

        private void fetch() {
            if (next == urls.size()) {
                if (chains.decrementAndGet() == 0) {
                    client.close();
                    done.complete();
                }
                return;
            }
            String url = urls.get(next++);
            Future<HttpResponse<Buffer>> response = client.getAbs(url).send();
            response.onSuccess(page -> {
                write(url, page);
                fetch();
            });
            response.onFailure(done::tryFail);
        }

        private void write(String url, HttpResponse<Buffer> page) {
            try {
                out.write(new io.vertx.core.json.JsonObject()
                        .put("url", url)
                        .put("status", page.statusCode())
                        .put("body", page.bodyAsString())
                        .encode());
                out.write('\n');
            } catch (java.io.IOException e) {
                done.tryFail(e);
            }
        }
    }
}
