package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Tally;
import io.millrace.engine.queue.Loop;
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
import io.millrace.testkit.sim.SimStages;
import io.millrace.testkit.sim.SimWorld;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** A flow's stages, wired as in a run, in a simulated world; sources count up, sinks and dead letters are noted. */
final class StageWorld implements RunControl {
    /** A document that has come to its end at a stage. */
    record End(String how, String stage, String id) {}

    final SimWorld world;
    final Flow flow;
    final List<End> ends = new ArrayList<>();
    final List<ObjectNode> delivered = new ArrayList<>();
    final List<Failure> failures = new ArrayList<>();
    final List<String> stopped = new ArrayList<>();
    final Map<String, Origin> origins = new LinkedHashMap<>();
    final Map<String, List<StageInstance>> instances;
    final Map<String, List<StageMetrics>> metrics;
    private final SimStages stages;
    private final Tally tally;
    /** Whether the sink of a stage refuses a document. */
    BiPredicate<String, String> refuses = (stage, id) -> false;

    /** What the callers of the records were told, each its own. */
    final List<Told> callers = new ArrayList<>();

    /** Writes that fail for a passing reason before one succeeds. */
    int away;

    boolean draining;

    /** @param records how many documents {@code {"id": "<stage><n>"}} each source yields */
    StageWorld(SimWorld world, int records, OnError onError, Stage... stages) {
        this.world = world;
        this.flow = SimStages.flow(onError, false, List.of(stages));
        this.stages = new SimStages(world.home(), flow, this);
        this.instances = this.stages.instances;
        this.metrics = this.stages.metrics;
        this.tally = Tally.counting();
        this.stages.deploy(
                stage -> stage.sink().map(definition -> new NotingSink(stage.name())), stage -> Optional.empty());
        world.advance(Duration.ZERO);
        for (Stage stage : stages) {
            if (stage.source().isPresent()) {
                feed(stage, records);
            }
        }
    }

    private void feed(Stage stage, int records) {
        Loop loop = world.loop();
        Origin origin = new Origin(stage.name(), tally, () -> {});
        origins.put(stage.name(), origin);
        stages.feed(stage, new Counting(stage.name(), records, loop), origin, loop, new Admission.Plain(origin));
    }

    private Loop anyLoop() {
        return stages.loop(flow.stages().keySet().iterator().next());
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
        if (tally.isQuiet()) {
            instances.keySet().stream()
                    .filter(stages::holdsGroups)
                    .findFirst()
                    .ifPresent(stage -> tell(stage, StageInstance::flushGroups));
        }
    }

    void tell(String stage, Consumer<StageInstance> task) {
        stages.tell(stage, task);
    }

    void abort() {
        draining = true;
        stages.tellAll(StageInstance::abort);
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
        anyLoop().after(someTime(100), kept::complete);
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
            anyLoop().after(someTime(200), later::complete);
            return later.future();
        }
    }
}
