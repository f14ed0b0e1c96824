package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.BlockingCall;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Sequence;
import io.millrace.engine.item.Settling;
import io.millrace.engine.item.StageContext;
import io.millrace.engine.item.StepCompiler;
import io.millrace.engine.item.Tally;
import io.millrace.engine.item.Whereabouts;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.queue.Outbox;
import io.millrace.engine.queue.Quota;
import io.millrace.flow.Flow;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.spi.Batch;
import io.millrace.spi.Caller;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Reply;
import io.millrace.spi.Sink;
import io.millrace.spi.Source;
import io.millrace.testkit.sim.SimWorld;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A flow's stages, wired as in a run, in a simulated world; sources count up, sinks and dead letters are noted. */
final class StageWorld implements RunControl {
    /** A document that has come to its end at a stage. */
    record End(String how, String stage, String id) {}

    final SimWorld world;
    final Flow flow;
    final Topology topology;
    final List<End> ends = new ArrayList<>();
    final List<ObjectNode> delivered = new ArrayList<>();
    final List<Failure> failures = new ArrayList<>();
    final List<String> stopped = new ArrayList<>();
    final Map<String, Origin> origins = new LinkedHashMap<>();
    final Map<String, List<StageInstance>> instances = new LinkedHashMap<>();
    final Map<String, List<StageMetrics>> metrics = new HashMap<>();
    private final Map<String, Loop> loops = new HashMap<>();
    private final Map<String, Router.Target> targets = new HashMap<>();
    private final Map<String, RateLimiter> limiters = new HashMap<>();
    private final Tally tally;
    /** Whether the sink of a stage refuses a document. */
    BiPredicate<String, String> refuses = (stage, id) -> false;

    /** What the callers of the records were told, each its own. */
    final List<Told> callers = new ArrayList<>();

    /** Writes that fail for a passing reason before one succeeds. */
    int away;

    boolean draining;
    private int senders;

    /** @param records how many documents {@code {"id": "<stage><n>"}} each source yields */
    StageWorld(SimWorld world, int records, OnError onError, Stage... stages) {
        this.world = world;
        Map<String, Stage> byName = new LinkedHashMap<>();
        List.of(stages).forEach(stage -> byName.put(stage.name(), stage));
        this.flow = new Flow(
                "test",
                "",
                Path.of("test.json"),
                JsonNodeFactory.instance.objectNode(),
                Map.of(),
                Map.of(),
                Map.of(),
                byName,
                onError,
                false,
                Optional.empty(),
                Flow.Limits.NONE);
        this.topology = new Topology(flow);
        this.tally = Tally.counting();
        for (Stage stage : stages) {
            targets.put(stage.name(), new Router.Target(stage.queue(), new SeenKeys(), () -> {}));
            stage.rate().ifPresent(limit -> limiters.put(stage.name(), new RateLimiter(limit)));
        }
        for (Stage stage : stages) {
            deploy(stage);
        }
        world.advance(Duration.ZERO);
        for (Stage stage : stages) {
            if (stage.source().isPresent()) {
                feed(stage, records);
            }
        }
    }

    private void deploy(Stage stage) {
        List<StageInstance> all = new ArrayList<>();
        List<StageMetrics> figures = new ArrayList<>();
        instances.put(stage.name(), all);
        metrics.put(stage.name(), figures);
        Optional<Sink> sink = stage.sink().map(definition -> new NotingSink(stage.name()));
        for (int i = 0; i < stage.instances(); i++) {
            int index = i;
            Loop loop = world.loop();
            loops.put(stage.name() + i, loop);
            loop.execute(() -> {
                StageMetrics own = new StageMetrics();
                figures.add(own);
                all.add(instance(stage, index, loop, sink, own));
            });
        }
    }

    private StageInstance instance(Stage stage, int index, Loop loop, Optional<Sink> sink, StageMetrics own) {
        Settling settling = new Settling();
        Router router = router(stage.name(), topology.targets(stage.name()), loop, settling);
        StepCompiler compiler = io.millrace.testkit.sim.TestSteps.compiler(stage.name());
        Sequence steps = compiler.compile(stage.steps());
        int share = stage.concurrency() / stage.instances();
        return new StageInstance(new StageParts(
                stage,
                index,
                Math.max(1, share),
                address(stage.name(), index),
                quota(stage),
                world.wire(),
                new Here(stage.name(), loop, router, new Whereabouts()),
                steps,
                compiler.stage(steps, stage.modifiers()),
                router,
                sink,
                Optional.empty(),
                limiters.get(stage.name()),
                own,
                settling,
                this,
                flow.onError()));
    }

    private void feed(Stage stage, int records) {
        Loop loop = world.loop();
        Origin origin = new Origin(stage.name(), tally, () -> {});
        origins.put(stage.name(), origin);
        loop.execute(() -> {
            Settling settling = new Settling();
            Router router = router("", Set.of(stage.name()), loop, settling);
            Source source = new Counting(stage.name(), records, loop);
            new SourceFeed(
                            stage,
                            source,
                            origin,
                            router,
                            settling,
                            loop,
                            name -> null,
                            this,
                            new Admission.Plain(origin))
                    .start();
        });
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

    private Router router(String from, Set<String> to, Loop loop, Settling settling) {
        Map<String, Router.Route> routes = new HashMap<>();
        for (String target : to) {
            Stage stage = flow.stage(target);
            List<String> receivers = IntStream.range(0, stage.instances())
                    .mapToObj(i -> address(target, i))
                    .toList();
            int sender = ++senders;
            Outbox<Item> outbox = new Outbox<>(sender, "grants." + sender, receivers, quota(stage), world.wire(), loop);
            routes.put(target, new Router.Route(outbox, targets.get(target), topology.closesCycle(from, target)));
        }
        return new Router(routes, settling, this);
    }

    /** Runs to the end, letting groups go where nothing more can come, as a run does. */
    StageWorld run() {
        world.run();
        for (int round = 0; round < 20 && !done(); round++) {
            flushFirstHolding();
            world.run();
        }
        return this;
    }

    private void flushFirstHolding() {
        if (!tally.isQuiet()) {
            return;
        }
        for (Map.Entry<String, List<StageInstance>> entry : instances.entrySet()) {
            if (entry.getValue().stream().anyMatch(StageInstance::holdsGroups)) {
                tell(entry.getKey(), StageInstance::flushGroups);
                return;
            }
        }
    }

    void tell(String stage, java.util.function.Consumer<StageInstance> task) {
        List<StageInstance> all = instances.get(stage);
        for (int i = 0; i < all.size(); i++) {
            StageInstance instance = all.get(i);
            loops.get(stage + i).execute(() -> task.accept(instance));
        }
    }

    void abort() {
        draining = true;
        instances.keySet().forEach(stage -> tell(stage, StageInstance::abort));
    }

    /** Whether all roots are settled, and no branch is taken for active. */
    boolean done() {
        return tally.isQuiet() && origins.values().stream().allMatch(Origin::done);
    }

    List<String> deliveredIds() {
        return delivered.stream().map(document -> document.path("id").asText()).toList();
    }

    void end(String how, String stage, JsonNode document) {
        ends.add(new End(how, stage, document.path("id").asText()));
    }

    Duration someTime(int micros) {
        return Duration.ofNanos(1 + world.random().nextInt(micros) * 1000L);
    }

    @Override
    public Future<Void> deadLetter(String stage, Item item, Failure failure) {
        end("dead", stage, item.document());
        failures.add(failure);
        if (world.random().nextBoolean()) {
            return Future.succeededFuture();
        }
        Promise<Void> kept = Promise.promise();
        loops.values().iterator().next().after(someTime(100), kept::complete);
        return kept.future();
    }

    @Override
    public void failed() {}

    @Override
    public void stop(String reason) {
        stopped.add(reason);
    }

    @Override
    public void abort(String reason) {
        stopped.add(reason);
    }

    @Override
    public void quit() {}

    @Override
    public void nudge() {}

    @Override
    public boolean draining() {
        return draining;
    }

    @Override
    public int reserve(int wanted) {
        return draining ? 0 : wanted;
    }

    @Override
    public void read(int records, int unused) {}

    /** Somebody who waits for what becomes of a record. */
    static final class Told implements Caller {
        int settled;
        int failed;
        boolean late;

        @Override
        public boolean reply(Reply reply) {
            return false;
        }

        @Override
        public void settled() {
            settled++;
        }

        @Override
        public void failed(Failure failure) {
            late |= settled > 0;
            failed++;
        }

        @Override
        public JsonNode peer() {
            return NullNode.getInstance();
        }
    }

    /** Yields documents, a few at a time, at once or later. */
    private final class Counting implements Source {
        private final String name;
        private final int count;
        private final Loop loop;
        private int next;

        Counting(String name, int count, Loop loop) {
            this.name = name;
            this.count = count;
            this.loop = loop;
        }

        @Override
        public Future<Boolean> read(Records into) {
            int end = Math.min(
                    count, next + Math.min(into.room(), 1 + world.random().nextInt(20)));
            for (; next < end; next++) {
                Told caller = new Told();
                callers.add(caller);
                into.add(JsonNodeFactory.instance.objectNode().put("id", name + next), next, caller);
            }
            if (world.random().nextBoolean()) {
                return Future.succeededFuture(next < count);
            }
            Promise<Boolean> later = Promise.promise();
            loop.after(someTime(50), () -> later.complete(next < count));
            return later.future();
        }
    }

    /** Writes at once or later, may be away for a while, refuses single documents. */
    private final class NotingSink implements Sink {
        private final String stage;

        NotingSink(String stage) {
            this.stage = stage;
        }

        @Override
        public Future<Void> write(Batch batch) {
            if (--away >= 0) {
                return Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "away"));
            }
            for (int i = 0; i < batch.documents().size(); i++) {
                ObjectNode document = batch.documents().get(i);
                if (refuses.test(stage, document.path("id").asText())) {
                    batch.reject(i, Failure.badData("refused"));
                } else {
                    delivered.add(document);
                    end("delivered", stage, document);
                }
            }
            if (world.random().nextBoolean()) {
                return Future.succeededFuture();
            }
            Promise<Void> later = Promise.promise();
            loops.values().iterator().next().after(someTime(200), later::complete);
            return later.future();
        }
    }

    private record Here(String stage, Loop loop, Router router, Whereabouts whereabouts) implements StageContext {
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
