package io.millrace.bench;

import io.millrace.ledger.Ledger;
import io.millrace.spi.DatabaseAddress;
import io.millrace.store.ledger.PostgresLedger;
import io.millrace.testkit.Await;
import io.millrace.testkit.Embedded;
import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What does it cost to lose nothing? {@code lines → map → sql} as a plain flow and as a durable one, in turns, into a table of the store on the embedded server; and
 * {@code lines → map → jsonl} likewise.
 *
 * <pre>
 * mvn -q test-compile exec:exec@bench -Dbench=DurableFlowBench -Dbench.args="lines rounds"
 * </pre>
 */
public final class DurableFlowBench {
    private static final String STEPS =
            "\"source\": {\"lines\": \"in.txt\"}, \"steps\": [{\"map\": {\"id\": \"${.value | tonumber}\","
                    + " \"name\": \"name of ${.value}\", \"note\": \"a note of some length, as they are\"}}], \"concurrency\": 64";
    private static final String TABLE =
            "DROP TABLE IF EXISTS plain; CREATE TABLE plain (id bigint PRIMARY KEY, name text, note text)";

    private final Path folder;
    private final Millrace millrace;
    private final int lines;

    private DurableFlowBench(Path folder, Millrace millrace, int lines) {
        this.folder = folder;
        this.millrace = millrace;
        this.lines = lines;
    }

    public static void main(String[] args) throws Exception {
        int lines = args.length > 0 ? Integer.parseInt(args[0]) : 500_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        Path folder = Files.createTempDirectory("bench");
        write(folder.resolve("in.txt"), lines);
        Vertx vertx = Vertx.vertx();
        try (Embedded database =
                new Embedded(Path.of("target", "bench-postgres").toAbsolutePath())) {
            Ledger ledger = Await.get(
                    PostgresLedger.connect(vertx, () -> database.embedded().map(DurableFlowBench::options)));
            Millrace millrace =
                    new Millrace(folder, database, address -> Future.succeededFuture(ledger), List.of()).fresh(true);
            DurableFlowBench bench = new DurableFlowBench(folder, millrace, lines);
            for (int round = 1; round <= rounds; round++) {
                bench.round(round);
            }
        }
        System.exit(0);
    }

    static PgConnectOptions options(DatabaseAddress at) {
        return new PgConnectOptions()
                .setHost(at.host())
                .setPort(at.port())
                .setUser(at.user())
                .setPassword(at.password())
                .setDatabase(at.database());
    }

    private static void write(Path file, int lines) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < lines; i++) {
                out.write(Integer.toString(i));
                out.newLine();
            }
        }
    }

    private void round(int round) throws IOException {
        double plainRows = sql(false);
        double durableRows = sql(true);
        double plainLines = jsonl(false);
        double durableLines = jsonl(true);
        System.out.printf(
                "round %d: sql plain %,.0f rows/s, durable %,.0f (%.2f); jsonl plain %,.0f lines/s, durable %,.0f (%.2f)%n",
                round,
                plainRows,
                durableRows,
                durableRows / plainRows,
                plainLines,
                durableLines,
                durableLines / plainLines);
    }

    private double sql(boolean durable) {
        return rate("{\"durable\": " + durable + ", \"resources\": {\"db\": {\"postgres\": {\"uri\": null, \"init\": \""
                + TABLE + "\"}}}, " + STEPS + ", \"sink\": {\"sql\": {\"db\": \"db\", \"table\": \"plain\"}}}");
    }

    private double jsonl(boolean durable) throws IOException {
        Files.deleteIfExists(folder.resolve("out.jsonl"));
        return rate("{\"durable\": " + durable + ", " + STEPS + ", \"sink\": {\"jsonl\": \"out.jsonl\"}}");
    }

    private double rate(String flow) {
        long start = System.nanoTime();
        Millrace.Outcome outcome = millrace.start(flow).await();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (outcome.exitCode() != 0) {
            throw new IllegalStateException(outcome.result().reason());
        }
        return lines / seconds;
    }
}
