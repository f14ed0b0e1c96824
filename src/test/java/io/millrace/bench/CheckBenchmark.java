package io.millrace.bench;

import io.millrace.catalog.Catalog;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.FlowReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * How long does it take to read and check a flow of 100 stages, with 400 steps and every expression compiled anew?
 *
 * <p>Run the main method with the test classes on the class path. JDK 17, warm: 10.5 ms of processor time, a quarter of it for the library
 * of jq functions; on two cores shared with other work at a load of 15 that took 60 ms by the clock.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CheckBenchmark {
    private static final int STAGES = 100;

    private final Catalog catalog = Catalog.load();
    private FlowReader.Request request = request("{}");

    private static FlowReader.Request request(String text) {
        return new FlowReader.Request("flow.json", text, Map.of(), Map.of(), Map.of(), "1", Path.of("."));
    }

    /** A chain: each stage fetches, parses, emits to the next but one and passes on to the next. */
    @Setup
    public void prepare() {
        StringBuilder text = new StringBuilder(
                "{\n  \"stages\": {\n    \"s0\": { \"source\": { \"values\": [1] }, \"to\": \"s1\" }");
        for (int i = 1; i < STAGES; i++) {
            int next = Math.min(STAGES - 1, i + 2);
            text.append(",\n    \"s" + i + "\": {\n      \"queue\": { \"unique\": \".url" + i
                    + "\" },\n      \"steps\": [\n"
                    + "        { \"http\": { \"url\": \"${.url" + i
                    + "}/page\", \"expect\": [\"2xx\", 404] }, \"as\": \"page\", \"timeout\": \"10s\" },\n"
                    + "        { \"html\": { \"text\": \"${.page.body}\", \"select\": { \"title\": \"h1\", \"links\": [\"a@href\"] } } },\n"
                    + "        { \"emit\": { \"to\": \"s" + next
                    + "\", \"each\": \".html.links[] | select(startswith('x" + i
                    + "'))\", \"item\": { \"url\": \"${.}\" } } },\n"
                    + "        { \"map\": { \"n\": \"${.page.status + " + i
                    + "}\", \"title\": \"${.html.title | ascii_downcase}\", \"url\": \"${.url}\" } }\n"
                    + "      ],\n      " + (i == STAGES - 1 ? "\"sink\": \"stdout\"" : "\"to\": \"s" + (i + 1) + "\"")
                    + "\n    }");
        }
        request = request(text.append("\n  }\n}\n").toString());
    }

    @Benchmark
    public CheckedFlow check() {
        CheckedFlow flow = new FlowReader(catalog, new JqExpressions()).read(request);
        if (!flow.problems().isEmpty()) {
            throw new IllegalStateException(flow.problems().toString());
        }
        return flow;
    }

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder().include(CheckBenchmark.class.getName()).build()).run();
    }
}
