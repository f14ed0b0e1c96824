package io.millrace.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.expr.JqExpressions;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Cursor;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Expressions;
import io.millrace.spi.Resource;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Variables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The services of a run for one component: real worker threads and expressions, a folder as working directory, standard streams in
 * memory. Builds components from their settings in JSON.
 */
public final class TestAssembly implements Assembly {
    private static final Expressions EXPRESSIONS = new JqExpressions();

    private final Vertx vertx;
    private final Map<String, JsonNode> variables = new HashMap<>();
    private final Map<String, Resource> resources = new HashMap<>();
    private final Map<String, Object> shared = new ConcurrentHashMap<>();
    private final Map<String, StepType> steps = new HashMap<>();
    private final Map<String, JsonNode> functions = new HashMap<>();
    private final List<Supplier<Future<Void>>> openers = new ArrayList<>();
    private final List<Supplier<Future<Void>>> closers = new ArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private PrintStream out = new PrintStream(printed, false, StandardCharsets.UTF_8);
    private InputStream in = InputStream.nullInputStream();
    private Path directory = Path.of("").toAbsolutePath();
    private boolean endless;
    private @Nullable DatabaseAddress database;

    public TestAssembly(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Sets the working directory. */
    public TestAssembly in(Path folder) {
        this.directory = folder;
        return this;
    }

    public TestAssembly stdin(InputStream stream) {
        this.in = stream;
        return this;
    }

    public TestAssembly stdout(PrintStream stream) {
        this.out = stream;
        return this;
    }

    /** Says that the sources never end. */
    public TestAssembly neverEnding() {
        this.endless = true;
        return this;
    }

    /** Gives a variable a value in JSON, as {@code params}. */
    public TestAssembly with(String variable, String json) {
        variables.put(variable, TestJson.read(json));
        return this;
    }

    /** An open resource, found by its name, by its kind, and without a name. */
    public TestAssembly with(String nameOrKind, Resource resource) {
        resources.put(nameOrKind, resource);
        return this;
    }

    /** Steps that blocks may use. */
    public TestAssembly with(StepType... types) {
        Arrays.stream(types).forEach(type -> steps.put(type.spec().name(), type));
        return this;
    }

    /** A function: a list of steps in JSON. */
    public TestAssembly function(String name, String block) {
        functions.put(name, TestJson.read(block));
        return this;
    }

    public TestAssembly database(DatabaseAddress address) {
        this.database = address;
        return this;
    }

    /** What was printed to standard output. */
    public String printed() {
        out.flush();
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** The settings, read as from a flow; a problem fails the test. */
    public Settings settings(Spec spec, String json) {
        TestCheck check = new TestCheck(expressions(), variables());
        Settings settings = check.settings(new Cursor(TestJson.read(json), ""), spec);
        if (settings == null || !check.problems().isEmpty()) {
            throw new AssertionError(json + ": " + check.problems());
        }
        return settings;
    }

    /** The problems that reading the settings reports. */
    public List<String> problems(Spec spec, String json) {
        TestCheck check = new TestCheck(expressions(), variables());
        check.settings(new Cursor(TestJson.read(json), ""), spec);
        return check.problems();
    }

    public Source source(SourceType type, String settings) {
        return type.build(settings(type.spec(), settings), this);
    }

    public Sink sink(SinkType type, String settings) {
        return type.build(settings(type.spec(), settings), this);
    }

    public Step step(StepType type, String settings) {
        return type.build(settings(type.spec(), settings), this);
    }

    @Override
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public String stage() {
        return "main";
    }

    @Override
    public String flow() {
        return "test";
    }

    @Override
    public <R extends Resource> R resource(Optional<String> name, String kind, Class<R> type) {
        Resource found = resources.get(name.orElse(kind));
        if (found == null) {
            throw new AssertionError("no resource " + name.orElse(kind));
        }
        return type.cast(found);
    }

    /** Runs the steps one after another; values are stored under the steps' names. Modifiers are the engine's. */
    @Override
    public Step compile(Block block) {
        return compile(((TestCheck.TestBlock) block).steps());
    }

    private Step compile(JsonNode block) {
        Step all = frame -> Future.succeededFuture(NullNode.instance);
        for (JsonNode definition : block) {
            Step before = all;
            Step next = compileOne(definition);
            all = frame ->
                    before.run(frame).compose(value -> frame.ended() ? Future.succeededFuture(value) : next.run(frame));
        }
        return all;
    }

    private Step compileOne(JsonNode definition) {
        String name = definition.fieldNames().next();
        StepType type = steps.get(name);
        if (type == null) {
            throw new AssertionError("no step " + name);
        }
        Step step = step(type, definition.get(name).toString());
        boolean stored = type.spec().result() == Spec.Result.VALUE;
        return frame -> step.run(frame).map(value -> {
            if (stored) {
                frame.put(name, value);
            }
            return value;
        });
    }

    @Override
    public Step function(String name) {
        return frame -> compile(functions.getOrDefault(name, NullNode.instance)).run(frame);
    }

    @Override
    public <T> T shared(String key, Class<T> type, Supplier<T> made) {
        return type.cast(shared.computeIfAbsent(key, absent -> made.get()));
    }

    @Override
    public Expressions expressions() {
        return EXPRESSIONS;
    }

    @Override
    public String redact(String text) {
        return text;
    }

    @Override
    public Variables variables() {
        return variables::get;
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }

    @Override
    public void onOpen(Supplier<Future<Void>> open) {
        openers.add(open);
    }

    /** Opens what steps have asked to open before the first item. */
    public Future<Void> open() {
        Future<Void> all = Future.succeededFuture();
        for (Supplier<Future<Void>> opener : openers) {
            all = all.compose(ready -> opener.get());
        }
        return all;
    }

    @Override
    public void onClose(Supplier<Future<Void>> close) {
        closers.add(close);
    }

    /** Closes what steps keep open, as the end of a run does. */
    public Future<Void> close() {
        List<Future<Void>> closing = new ArrayList<>();
        closers.forEach(closer -> closing.add(closer.get()));
        return Future.join(closing).mapEmpty();
    }

    @Override
    public Future<DatabaseAddress> embeddedDatabase() {
        return database == null
                ? Future.failedFuture(new IllegalStateException("no database in this test"))
                : Future.succeededFuture(database);
    }

    @Override
    public Path path(String text) {
        return directory.resolve(text);
    }

    @Override
    public PrintStream out() {
        return out;
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public boolean endless() {
        return endless;
    }
}
