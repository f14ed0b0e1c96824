package io.millrace.bench;

import io.millrace.ledger.Ledger;
import io.millrace.store.ledger.PostgresLedger;
import io.millrace.testkit.Await;
import io.millrace.testkit.Embedded;
import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * What does it cost a flow of I/O that it could be resumed? {@code lines → http → filter} as a plain flow and as a durable one, in turns: nothing is kept of
 * the records but that they are done, so that all that differs are the progress and its commits. The server is in this process, and its time counts for both.
 *
 * <pre>mvn -q test-compile exec:exec@bench -Dbench=CheckpointBench -Dbench.args="requests rounds"</pre>
 */
public final class CheckpointBench {
    private CheckpointBench() {}

    public static void main(String[] args) throws Exception {
        int requests = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 6;
        Path folder = Files.createTempDirectory("bench");
        Vertx vertx = Vertx.vertx();
        try (Embedded database =
                new Embedded(Path.of("target", "bench-postgres").toAbsolutePath())) {
            HttpServer server = Await.get(vertx.createHttpServer()
                    .requestHandler(request -> request.response().end("{\"answer\": 42}"))
                    .listen(0, "127.0.0.1"));
            Files.write(
                    folder.resolve("urls.txt"),
                    Collections.nCopies(requests, "http://127.0.0.1:" + server.actualPort() + "/"));
            Ledger ledger = Await.get(
                    PostgresLedger.connect(vertx, () -> database.embedded().map(DurableFlowBench::options)));
            Millrace millrace =
                    new Millrace(folder, database, address -> Future.succeededFuture(ledger), List.of()).fresh(true);
            for (int round = 1; round <= rounds; round++) {
                Measured plain = Measured.of(() -> fetch(millrace, requests, false));
                Measured durable = Measured.of(() -> fetch(millrace, requests, true));
                System.out.println(plain.line("plain, round " + round, requests));
                System.out.println(durable.line("durable, round " + round, requests));
                System.out.printf(
                        "ratio: %.3f by CPU, %.3f by wall clock%n",
                        durable.perCpuSecond(requests) / plain.perCpuSecond(requests),
                        durable.perSecond(requests) / plain.perSecond(requests));
            }
        }
        System.exit(0);
    }

    private static void fetch(Millrace millrace, int requests, boolean durable) {
        Millrace.Outcome outcome = millrace.start(
                        "{\"durable\": " + durable + ", \"resources\": {\"web\": {\"http\": {\"perHost\": 100}}},"
                                + " \"source\": {\"lines\": \"urls.txt\"}, \"concurrency\": 100,"
                                + " \"steps\": [{\"http\": \"${.value}\"}, {\"filter\": \"${.http.status != 200}\"}]}")
                .await();
        if (outcome.exitCode() != 0 || outcome.result().last().read() != requests) {
            throw new IllegalStateException(outcome.result().toString());
        }
    }
}
