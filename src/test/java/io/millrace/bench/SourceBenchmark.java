package io.millrace.bench;

import io.millrace.connect.basic.BasicConnector;
import io.millrace.connect.file.FileConnector;
import io.millrace.spi.Connector;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * How many records a second do sources yield by themselves, without an engine behind them?
 *
 * <p>Run the main method with the test classes on the class path. Figures of one run, JDK 17, two cores shared with other work at a load of
 * 20: lower bounds, to be measured again on a quiet machine.
 *
 * <pre>
 * range  54 M/s
 * lines  2.6 M/s, of 41 bytes; with tokens the same within the spread
 * csv    1.4 M/s, of three cells
 * jsonl  0.7 M/s, of three fields
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class SourceBenchmark {
    private static final int RECORDS = 1_000_000;
    private static final int ROOM = 256;

    private final Vertx vertx = Vertx.vertx();
    private Path folder = Path.of("");
    private TestAssembly assembly = new TestAssembly(vertx);

    @Setup
    public void files() throws IOException {
        folder = Files.createTempDirectory("millrace-bench");
        Files.write(folder.resolve("a.txt"), Collections.nCopies(RECORDS, "https://example.org/a/page/of/a/site.html"));
        Files.write(
                folder.resolve("a.jsonl"),
                Collections.nCopies(RECORDS, "{\"id\":12345,\"name\":\"Ada\",\"price\":12.50}"));
        Files.write(folder.resolve("a.csv"), Collections.nCopies(RECORDS + 1, "id,name,price"));
        assembly = new TestAssembly(vertx).in(folder);
    }

    @TearDown
    public void close() throws IOException {
        Await.get(vertx.close());
        for (String name : new String[] {"a.txt", "a.jsonl", "a.csv", ""}) {
            Files.delete(folder.resolve(name));
        }
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long range() {
        return readAll(new BasicConnector(), "range", String.valueOf(RECORDS));
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long lines() {
        return readAll(new FileConnector(), "lines", "'a.txt'");
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long linesWithTokens() {
        return readAll(new FileConnector(), "lines", "'a.txt'", true);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long jsonl() {
        return readAll(new FileConnector(), "jsonl", "'a.jsonl'");
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long csv() {
        return readAll(new FileConnector(), "csv", "'a.csv'");
    }

    private long readAll(Connector connector, String name, String settings) {
        return readAll(connector, name, settings, false);
    }

    private long readAll(Connector connector, String name, String settings, boolean tokens) {
        SourceType type = connector.components().stream()
                .filter(component -> component instanceof SourceType
                        && component.spec().name().equals(name))
                .map(SourceType.class::cast)
                .findFirst()
                .orElseThrow();
        Source source = assembly.source(type, settings);
        return Await.onLoop(
                vertx,
                () -> source.open()
                        .compose(opened -> drain(source, tokens))
                        .compose(count -> source.close().map(count)));
    }

    private static Future<Long> drain(Source source, boolean tokens) {
        Promise<Long> end = Promise.promise();
        drain(source, tokens, 0, end);
        return end.future();
    }

    private static void drain(Source source, boolean tokens, long before, Promise<Long> end) {
        long count = before;
        while (true) {
            Records records = new Records(ROOM, tokens);
            Future<Boolean> more = source.read(records);
            if (!more.isComplete()) {
                long so = count;
                more.onSuccess(yes -> next(source, tokens, so + records.size(), yes, end))
                        .onFailure(end::fail);
                return;
            }
            count += records.size();
            if (!more.result()) {
                end.complete(count);
                return;
            }
        }
    }

    private static void next(Source source, boolean tokens, long count, boolean more, Promise<Long> end) {
        if (more) {
            drain(source, tokens, count, end);
        } else {
            end.complete(count);
        }
    }

    /** Runs this benchmark. */
    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(SourceBenchmark.class.getSimpleName())
                        .build())
                .run();
    }
}
