package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.expr.JqExpressions;
import io.millrace.spi.Expressions.BadExpression;
import io.millrace.spi.Jq;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.io.IOException;
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
 * What does one evaluation cost?
 *
 * <p>Run the main method with the test classes on the class path. The best of the four iterations of one run, JDK 17, two cores shared
 * with other work at a load of 13. Iterations differed by several times, so these are orders of magnitude: that {@code text} is dearer than
 * {@code map} is noise. To be measured again on a quiet machine before anything is concluded.
 *
 * <pre>
 * path      .value                                             19 ns
 * filter    .x > 3 and (.value | startswith("http"))            89 ns
 * variable  $params.base + .value                              135 ns
 * map       {url: "${.value}", count: "${.y | length}", kind}  217 ns
 * text      "${.value}/page/${.x}"                            258 ns
 * object    {a: .x, b: (.y | length)}                          597 ns
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class ExpressionBenchmark {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonNode params = MAPPER.createObjectNode();
    private final Variables variables = name -> params;
    private JsonNode document = MAPPER.createObjectNode();
    private Jq path = compile(".value");
    private Jq object = compile("{a: .x, b: (.y | length)}");
    private Jq filter = compile(".x > 3 and (.value | startswith(\"http\"))");
    private Jq variable = compile("$params.base + .value");
    private Template text = template("\"${.value}/page/${.x}\"");
    private Template map = template("{\"url\": \"${.value}\", \"count\": \"${.y | length}\", \"kind\": \"page\"}");

    @Setup
    public void prepare() throws Exception {
        params = MAPPER.readTree("{\"base\": \"http://localhost\"}");
        document = MAPPER.readTree("{\"value\": \"http://a.example/b\", \"x\": 5, \"y\": [1, 2, 3]}");
    }

    @Benchmark
    public JsonNode path() {
        return path.one(document, variables);
    }

    @Benchmark
    public JsonNode object() {
        return object.one(document, variables);
    }

    @Benchmark
    public boolean filter() {
        return filter.test(document, variables);
    }

    @Benchmark
    public JsonNode variable() {
        return variable.one(document, variables);
    }

    @Benchmark
    public JsonNode text() {
        return text.eval(document, variables);
    }

    @Benchmark
    public JsonNode map() {
        return map.eval(document, variables);
    }

    private static Jq compile(String jq) {
        try {
            return new JqExpressions().jq(jq);
        } catch (BadExpression e) {
            throw new IllegalStateException(e);
        }
    }

    private static Template template(String json) {
        try {
            return new JqExpressions().template(MAPPER.readTree(json));
        } catch (BadExpression | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(ExpressionBenchmark.class.getSimpleName())
                        .build())
                .run();
    }
}
