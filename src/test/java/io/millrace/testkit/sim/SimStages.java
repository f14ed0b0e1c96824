package io.millrace.testkit.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.durable.QueueSource;
import io.millrace.engine.item.BlockingCall;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Sequence;
import io.millrace.engine.item.Settling;
import io.millrace.engine.item.StageContext;
import io.millrace.engine.item.StepCompiler;
import io.millrace.engine.item.Whereabouts;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.queue.Outbox;
import io.millrace.engine.queue.Quota;
import io.millrace.engine.stage.Admission;
import io.millrace.engine.stage.Brake;
import io.millrace.engine.stage.RateLimiter;
import io.millrace.engine.stage.Router;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.SeenKeys;
import io.millrace.engine.stage.SourceFeed;
import io.millrace.engine.stage.StageInstance;
import io.millrace.engine.stage.StageMetrics;
import io.millrace.engine.stage.StageParts;
import io.millrace.engine.stage.Topology;
import io.millrace.engine.stage.Vault;
import io.millrace.flow.Flow;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.spi.Sink;
import io.millrace.spi.Source;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A flow's stages, wired as in a run, in one process of a simulated world. */
public final class SimStages {
    /** The instances of each stage, when they have been made. */
    public final Map<String, List<StageInstance>> instances = new LinkedHashMap<>();

    public final Map<String, List<StageMetrics>> metrics = new HashMap<>();
    public final Topology topology;
    private final SimWorld.Machine machine;
    private final Flow flow;
    private final RunControl control;
    private final Map<String, List<Loop>> loops = new HashMap<>();
    private final Map<String, Router.Target> targets = new HashMap<>();
    private final Map<String, RateLimiter> limiters = new HashMap<>();
    private final List<Consumer<Consumer<SourceFeed>>> feeds = new ArrayList<>();
    private int senders;
    private Function<String, Brake> brakes = stage -> Brake.NONE;

    public SimStages(SimWorld.Machine machine, Flow flow, RunControl control) {
        this.machine = machine;
        this.flow = flow;
        this.control = control;
        this.topology = new Topology(flow);
        for (Stage stage : flow.stages().values()) {
            targets.put(stage.name(), new Router.Target(stage.queue(), new SeenKeys(), () -> {}));
            stage.rate().ifPresent(limit -> limiters.put(stage.name(), new RateLimiter(limit)));
        }
    }

    /** What holds stages back; to be told before they are made. */
    public SimStages brakes(Function<String, Brake> ofStages) {
        brakes = ofStages;
        return this;
    }

    /** A flow of such stages. */
    public static Flow flow(OnError onError, boolean durable, List<Stage> stages) {
        Map<String, Stage> byName = new LinkedHashMap<>();
        stages.forEach(stage -> byName.put(stage.name(), stage));
        return new Flow(
                "test",
                "",
                Path.of("test.json"),
                JsonNodeFactory.instance.objectNode(),
                Map.of(),
                Map.of(),
                Map.of(),
                byName,
                onError,
                durable,
                Optional.empty(),
                Flow.Limits.NONE);
    }

    /** Makes the instances of all stages, each on a loop of its own; completes when all are there. */
    public Future<Void> deploy(Function<Stage, Optional<Sink>> sinks, Function<Stage, Optional<Vault>> vaults) {
        return deploy(flow.stages().keySet(), sinks, vaults);
    }

    /** Makes those of some stages. */
    public Future<Void> deploy(
            Set<String> which, Function<Stage, Optional<Sink>> sinks, Function<Stage, Optional<Vault>> vaults) {
        List<Future<Void>> made = new ArrayList<>();
        for (Stage stage : flow.stages().values()) {
            if (!which.contains(stage.name())) {
                continue;
            }
            List<StageInstance> all = new ArrayList<>();
            List<StageMetrics> figures = new ArrayList<>();
            List<Loop> own = new ArrayList<>();
            instances.put(stage.name(), all);
            metrics.put(stage.name(), figures);
            loops.put(stage.name(), own);
            Optional<Sink> sink = sinks.apply(stage);
            Optional<Vault> vault = vaults.apply(stage);
            for (int i = 0; i < stage.instances(); i++) {
                int index = i;
                Loop loop = machine.loop();
                Promise<Void> ready = Promise.promise();
                made.add(ready.future());
                own.add(loop);
                loop.execute(() -> {
                    StageMetrics each = new StageMetrics();
                    figures.add(each);
                    all.add(new StageInstance(parts(stage, index, loop, sink, vault, each)));
                    ready.complete();
                });
            }
        }
        return Future.all(made).mapEmpty();
    }

    private StageParts parts(
            Stage stage, int index, Loop loop, Optional<Sink> sink, Optional<Vault> vault, StageMetrics own) {
        Settling settling = new Settling();
        Router router = router(stage.name(), topology.targets(stage.name()), loop, settling, true);
        StepCompiler compiler = TestSteps.compiler(stage.name());
        Sequence steps = compiler.compile(stage.steps());
        int share = stage.concurrency() / stage.instances();
        return new StageParts(
                stage,
                index,
                Math.max(1, share),
                address(stage.name(), index),
                quota(stage),
                machine.wire(),
                new Here(stage.name(), loop, new Whereabouts()),
                steps,
                compiler.stage(steps, stage.modifiers()),
                router,
                sink,
                vault,
                limiters.get(stage.name()),
                brakes.apply(stage.name()),
                own,
                settling,
                control,
                flow.onError());
    }

    /** Begins to read a source. */
    public void feed(Stage stage, Source source, Origin origin, Loop loop, Admission admission) {
        loop.execute(() -> {
            SourceFeed feed = reader(stage, source, origin, loop, admission);
            feeds.add(task -> loop.execute(() -> task.accept(feed)));
            feed.start();
        });
    }

    /** What reads a source, or a queue in the store. In a task of the loop. */
    public SourceFeed reader(Stage stage, Source source, Origin origin, Loop loop, Admission admission) {
        Settling settling = new Settling();
        boolean byTable = !(source instanceof QueueSource);
        Router router = router("", Set.of(stage.name()), loop, settling, byTable);
        return new SourceFeed(stage, source, origin, router, settling, loop, name -> null, control, admission);
    }

    /** Sources read no more. */
    public void halt() {
        feeds.forEach(feed -> feed.accept(SourceFeed::stop));
    }

    public void tell(String stage, Consumer<StageInstance> task) {
        List<StageInstance> all = instances.getOrDefault(stage, List.of());
        List<Loop> own = loops.getOrDefault(stage, List.of());
        for (int i = 0; i < all.size(); i++) {
            StageInstance instance = all.get(i);
            own.get(i).execute(() -> task.accept(instance));
        }
    }

    public void tellAll(Consumer<StageInstance> task) {
        instances.keySet().forEach(stage -> tell(stage, task));
    }

    /** A loop of a stage. */
    public Loop loop(String stage) {
        return loops.getOrDefault(stage, List.of()).get(0);
    }

    /** Whether groups rest in the stage. */
    public boolean holdsGroups(String stage) {
        return instances.getOrDefault(stage, List.of()).stream().anyMatch(StageInstance::holdsGroups);
    }

    private static String address(String stage, int index) {
        return stage + "." + index;
    }

    private Quota quota(Stage stage) {
        return new Quota(
                Math.max(1, stage.queue().capacity() / stage.instances()),
                Math.max(1, stage.queue().bytes() / stage.instances()),
                topology.senders(stage.name()));
    }

    private Router router(String from, Set<String> to, Loop loop, Settling settling, boolean byTable) {
        Map<String, Router.Route> routes = new HashMap<>();
        for (String target : to) {
            Stage stage = flow.stage(target);
            Router.Target shared = targets.get(target);
            if (byTable && stage.queue().durable()) {
                routes.put(target, new Router.Route(null, shared, false));
                continue;
            }
            List<String> receivers = IntStream.range(0, stage.instances())
                    .mapToObj(i -> address(target, i))
                    .toList();
            int sender = ++senders;
            Outbox<Item> outbox =
                    new Outbox<>(sender, "grants." + sender, receivers, quota(stage), machine.wire(), loop);
            routes.put(
                    target,
                    new Router.Route(
                            outbox, byTable ? shared : shared.seenBefore(), topology.closesCycle(from, target)));
        }
        return new Router(routes, settling, control);
    }

    private record Here(String stage, Loop loop, Whereabouts whereabouts) implements StageContext {
        @Override
        public <T> BlockingCall<T> blocking(String pool, Callable<T> work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> emitNow(Item from, String to, ObjectNode document) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable JsonNode variable(String name) {
            return null;
        }
    }
}
