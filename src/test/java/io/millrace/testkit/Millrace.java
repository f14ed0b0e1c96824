package io.millrace.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.catalog.Catalog;
import io.millrace.engine.Databases;
import io.millrace.engine.Engine;
import io.millrace.engine.Ledgers;
import io.millrace.engine.Replay;
import io.millrace.engine.Run;
import io.millrace.engine.RunOptions;
import io.millrace.engine.RunResult;
import io.millrace.engine.VertxEngine;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.FlowReader;
import io.millrace.spi.Connector;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

/** Runs flows in this process as the command line does, but for the command line. */
public final class Millrace implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a run has left behind. */
    public record Outcome(RunResult result, String out, List<JsonNode> deadLetters) {
        public int exitCode() {
            return result.exitCode();
        }

        /** Standard output as JSON lines. */
        public List<JsonNode> lines() {
            return parse(out);
        }
    }

    private final Path directory;
    private final Vertx vertx = Vertx.vertx();
    private final FlowReader reader;
    private final Engine engine;
    private final Map<String, String> params = new LinkedHashMap<>();
    private InputStream in = new ByteArrayInputStream(new byte[0]);
    private Duration drain = Duration.ofSeconds(10);
    private Optional<Path> dead = Optional.empty();
    private Path plugins;
    private Optional<Replay> replay = Optional.empty();
    private Duration slowStep = RunOptions.SLOW_STEP;
    private boolean fresh;
    private boolean accepts;
    private int runs;

    /** @param directory the working directory of the flows */
    public Millrace(Path directory) {
        this(directory, () -> Future.failedFuture("this test has no embedded database"));
    }

    public Millrace(Path directory, Databases databases) {
        this(directory, databases, List.of());
    }

    /** @param more components that only this test knows */
    public Millrace(Path directory, Databases databases, List<Connector> more) {
        this(directory, databases, address -> Future.failedFuture("this test has no store"), more);
    }

    /** @param ledgers where durable flows are kept; a {@link ModelLedger}, or one on a server */
    public Millrace(Path directory, Databases databases, Ledgers ledgers, List<Connector> more) {
        this.directory = directory;
        this.plugins = directory.resolve("plugins");
        JqExpressions expressions = new JqExpressions();
        List<Connector> connectors = new ArrayList<>(more);
        ServiceLoader.load(Connector.class).forEach(connectors::add);
        this.reader = new FlowReader(Catalog.of(connectors), expressions);
        this.engine = new VertxEngine(vertx, expressions, databases, ledgers);
    }

    public Millrace param(String name, String value) {
        params.put(name, value);
        return this;
    }

    public Millrace in(String text) {
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public Millrace drain(Duration time) {
        drain = time;
        return this;
    }

    /** Dead letters to run in the place of the sources. */
    public Millrace replay(Replay letters) {
        replay = Optional.of(letters);
        return this;
    }

    /** The file for dead letters, if not one in the working directory. */
    public Millrace deadLetters(Path file) {
        dead = Optional.of(file);
        return this;
    }

    /** How long a step may hold its event loop before it is told of. */
    public Millrace slowStep(Duration time) {
        slowStep = time;
        return this;
    }

    /** As with {@code --accept-changes}. */
    public Millrace acceptChanges() {
        accepts = true;
        return this;
    }

    /** Whether durable flows begin a new run in any case. */
    public Millrace fresh(boolean always) {
        fresh = always;
        return this;
    }

    public Engine engine() {
        return engine;
    }

    /** The folder of jars, if not {@code plugins} in the working directory. */
    public Millrace plugins(Path folder) {
        plugins = folder;
        return this;
    }

    public Vertx vertx() {
        return vertx;
    }

    public CheckedFlow check(String flow) {
        return read("flow.json", flow);
    }

    private CheckedFlow read(String file, String text) {
        return reader.read(new FlowReader.Request(
                file, text, Map.copyOf(params), System.getenv(), Map.of(), "run-" + ++runs, directory, plugins));
    }

    /** Runs a flow, written with {@code '} for {@code "}, to its end. */
    public Outcome run(String flow) {
        return start(flow.replace('\'', '"')).await();
    }

    /** Runs a flow file of the working directory to its end. */
    public Outcome runFile(String file) {
        return startFile(file).await();
    }

    /** Starts a flow file of the working directory. */
    public Started startFile(String file) {
        try {
            return start(read(file, Files.readString(directory.resolve(file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a flow of plain JSON. */
    public Started start(String flow) {
        return start(check(flow));
    }

    private Started start(CheckedFlow checked) {
        if (!checked.isValid()) {
            throw new AssertionError("not a valid flow:\n" + checked.problems());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Path letters = dead.orElse(directory.resolve("dead-" + runs + ".jsonl"));
        Run run = engine.start(
                checked,
                new RunOptions(
                        directory,
                        letters,
                        drain,
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        in,
                        slowStep,
                        replay,
                        fresh,
                        accepts));
        return new Started(run, out, letters);
    }

    /** A run under way. */
    public record Started(Run run, ByteArrayOutputStream out, Path dead) {
        public Outcome await() {
            try {
                RunResult result =
                        run.result().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
                List<JsonNode> letters = Files.exists(dead) ? parse(Files.readString(dead)) : List.of();
                return new Outcome(result, out.toString(StandardCharsets.UTF_8), letters);
            } catch (Exception e) {
                throw new AssertionError("the run did not end; " + run.snapshot(), e);
            }
        }
    }

    private static List<JsonNode> parse(String lines) {
        List<JsonNode> parsed = new ArrayList<>();
        lines.lines().forEach(line -> {
            try {
                parsed.add(JSON.readTree(line));
            } catch (IOException e) {
                throw new UncheckedIOException(line, e);
            }
        });
        return parsed;
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("Vert.x did not close", e);
        }
    }
}
