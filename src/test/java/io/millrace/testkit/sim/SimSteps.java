package io.millrace.testkit.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.catalog.Catalog;
import io.millrace.engine.item.BlockingCall;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.ItemFrame;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Root;
import io.millrace.engine.item.Sequence;
import io.millrace.engine.item.StageContext;
import io.millrace.engine.item.StepCompiler;
import io.millrace.engine.item.Tally;
import io.millrace.engine.item.Whereabouts;
import io.millrace.engine.queue.Loop;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.FlowReader;
import io.millrace.flow.Steps;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Failure;
import io.millrace.testkit.TestJson;
import io.vertx.core.Future;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a flow, as they stand in a file, run on items in a simulated world: every step of the catalog that needs nothing but a
 * clock. A step <code>{"emit": {"to": "trace", "now": true, "item": "word"}}</code> (written {@link #trace}) notes the word and the time.
 */
public final class SimSteps {
    public final SimWorld world = new SimWorld(11);
    private final JqExpressions expressions = new JqExpressions();
    private final FlowReader reader = new FlowReader(Catalog.load(), expressions);
    private final Map<String, Object> shared = new HashMap<>();
    private final List<String> trace = new ArrayList<>();

    /** An item on its way. */
    public record Run(ItemFrame frame, Future<JsonNode> result) {
        public JsonNode value() {
            if (!result.isComplete()) {
                throw new AssertionError("still runs");
            }
            if (result.failed()) {
                throw new AssertionError("failed", result.cause());
            }
            return result.result();
        }

        public Failure failure() {
            return (Failure) result.cause();
        }

        public JsonNode document() {
            return frame.document();
        }
    }

    /** A step that notes a word and the time. */
    public static String trace(String word) {
        return "{emit: {to: 'trace', now: true, item: '" + word + "'}}";
    }

    /** What was noted, as {@code "30 word"}: milliseconds, rounded down. */
    public List<String> trace() {
        return trace;
    }

    /** Runs steps on a document until nothing is left to do. */
    public Run run(String document, String steps) {
        Run run = start(world.loop(), document, steps);
        world.run();
        return run;
    }

    /** Starts steps on a document, on a loop. */
    public Run start(Loop loop, String document, String steps) {
        Sequence compiled = compile(steps);
        Run[] run = new Run[1];
        world.on(loop, () -> {
            ItemFrame frame = new ItemFrame(new Context(loop), item(document));
            run[0] = new Run(frame, compiled.run(frame));
        });
        return run[0];
    }

    /** How long it takes to run steps, which need no time, on so many items: nanoseconds of the real clock. */
    public long time(String document, Sequence steps, int items) {
        Loop loop = world.loop();
        Context context = new Context(loop);
        Item item = item(document);
        long[] nanos = new long[1];
        world.on(loop, () -> {
            long started = System.nanoTime();
            for (int i = 0; i < items; i++) {
                if (!steps.run(new ItemFrame(context, item)).succeeded()) {
                    throw new AssertionError("not done at once");
                }
            }
            nanos[0] = System.nanoTime() - started;
        });
        return nanos[0];
    }

    private static Item item(String document) {
        Root root = Root.of(new Origin("main", Tally.NONE, () -> {}), 0, null);
        return Item.record(root, TestJson.read(document), "value", 0);
    }

    /** The steps, compiled as for a stage. */
    public Sequence compile(String steps) {
        return new StepCompiler("main", this::assembly).compile(read(steps));
    }

    private Steps read(String steps) {
        ObjectNode flow = (ObjectNode)
                TestJson.read(
                        "{stages: {main: {source: {values: []}, steps: [], sink: 'discard'}, trace: {source: {values: []}, sink: 'discard'}}}");
        ((ObjectNode) flow.at("/stages/main")).set("steps", TestJson.read(steps));
        CheckedFlow checked = reader.read(new FlowReader.Request(
                "flow.json", flow.toString(), Map.of(), Map.of(), Map.of(), "run-1", Path.of("")));
        if (!checked.isValid()) {
            throw new AssertionError(checked.problems());
        }
        return Objects.requireNonNull(checked.flow(JsonNodeFactory.instance.objectNode())
                        .stages()
                        .get("main"))
                .steps();
    }

    private Assembly assembly(StepCompiler compiler) {
        return (Assembly) Proxy.newProxyInstance(
                SimSteps.class.getClassLoader(), new Class<?>[] {Assembly.class}, (proxy, method, args) -> {
                    if (method.getName().equals("compile")) {
                        return compiler.compile((Steps) (Block) args[0]);
                    }
                    if (method.getName().equals("shared")) {
                        return shared.computeIfAbsent((String) args[0], absent -> ((Supplier<?>) args[2]).get());
                    }
                    if (method.isDefault()) {
                        return InvocationHandler.invokeDefault(proxy, method, args);
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private final class Context implements StageContext {
        private final Whereabouts whereabouts = new Whereabouts();

        private final Loop loop;

        Context(Loop loop) {
            this.loop = loop;
        }

        @Override
        public String stage() {
            return "main";
        }

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public Whereabouts whereabouts() {
            return whereabouts;
        }

        @Override
        public <T> BlockingCall<T> blocking(String pool, Callable<T> work) {
            throw new AssertionError("no worker threads in a simulated world");
        }

        @Override
        public Future<Void> emitNow(Item from, String stage, ObjectNode document) {
            trace.add(Duration.ofNanos(loop.nanoTime()).toMillis() + " "
                    + document.get("value").asText());
            return Future.succeededFuture();
        }

        @Override
        public @Nullable JsonNode variable(String name) {
            return null;
        }
    }
}
