package io.millrace.engine.stage;

import static io.millrace.testkit.sim.Stages.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.stage.StageWorld.End;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.millrace.testkit.sim.SimWorld;
import io.millrace.testkit.sim.Stages;
import io.millrace.testkit.sim.TestSteps;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A flow drawn by chance, and what must come of it. What a stage does with a document (fails, once or for good, filters, emits, is
 * refused by the sink) depends on the seed, the stage and the document's id alone; when it does it, does not.
 */
final class RandomFlow {
    private static final int MAX_HOPS = 2;

    /** @param emits the stage it emits to; empty: none */
    private record Node(String name, List<String> to, Optional<String> emits, int parts, boolean retries, int most) {}

    private final long seed;
    private final SplittableRandom random;
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Integer> running = new HashMap<>();
    private final int records;
    final StageWorld stages;

    RandomFlow(long seed) {
        this.seed = seed;
        SimWorld world = new SimWorld(seed);
        this.random = world.random();
        this.records = 1 + random.nextInt(40);
        int count = 1 + random.nextInt(4);
        List<Stage> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drawn.add(draw(i, count));
        }
        this.stages = new StageWorld(world, records, new OnError.DeadLetter(), drawn.toArray(Stage[]::new));
        stages.refuses = (stage, id) -> roll(stage, id, "sink") % 12 == 0;
    }

    private Stage draw(int index, int count) {
        String name = "s" + index;
        List<String> to = new ArrayList<>();
        for (int next = index + 1; next < count; next++) {
            if (to.isEmpty() || random.nextBoolean()) {
                to.add("s" + next);
            }
        }
        Optional<String> emits = random.nextInt(3) == 0 ? Optional.empty() : Optional.of("s" + random.nextInt(count));
        int parts = random.nextInt(3) == 0 ? random.nextInt(4) : -1;
        int instances = 1 + random.nextInt(3);
        int concurrency = instances * (1 + random.nextInt(4));
        boolean retries = random.nextBoolean();
        nodes.put(name, new Node(name, to, emits, parts, retries, concurrency));
        Stages stage = stage(name)
                .instances(instances)
                .concurrency(concurrency)
                .capacity(random.nextBoolean() ? 1 + random.nextInt(6) : 64);
        if (index == 0) {
            stage.source();
        }
        if (to.isEmpty()) {
            stage.sink(1 + random.nextInt(10));
        } else {
            stage.to(to.toArray(String[]::new));
        }
        emits.ifPresentOrElse(
                target -> stage.emitting(target, work(name, "work")),
                () -> stage.steps(TestSteps.action("work", work(name, "work"))));
        if (parts >= 0) {
            stage.splitting(parts).steps(TestSteps.action("part", work(name, "part")));
        }
        if (retries) {
            stage.modified(TestSteps.whole().retry(2, Duration.ofMillis(1)));
        }
        return extras(stage, instances == 1).done();
    }

    private Stages extras(Stages stage, boolean alone) {
        if (random.nextInt(4) == 0) {
            stage.key(".id | length");
        }
        if (random.nextInt(5) == 0) {
            stage.rate(1, Duration.ofMillis(2), Optional.empty(), 1 + random.nextInt(3));
        }
        return alone && random.nextInt(3) == 0 ? stage.ordered() : stage;
    }

    private int roll(String stage, String id, String what) {
        return new SplittableRandom(Objects.hash(seed, stage, id, what)).nextInt(1000);
    }

    private Step work(String stage, String what) {
        return frame -> {
            Node node = nodes.get(stage);
            if (running.merge(stage, 1, Integer::sum) > node.most()) {
                throw new AssertionError(stage + " runs " + running.get(stage));
            }
            if (stages.world.random().nextBoolean()) {
                return decide(frame, node, what);
            }
            return frame.scope().sleep(stages.someTime(3000)).compose(awake -> decide(frame, node, what));
        };
    }

    private Future<JsonNode> decide(Frame frame, Node node, String what) {
        running.merge(node.name(), -1, Integer::sum);
        String id = frame.document().path("id").asText();
        int roll = roll(node.name(), id, what) % 10;
        if (roll == 0) {
            return Future.failedFuture(Failure.badData("bad"));
        }
        if (roll == 2
                && Objects.requireNonNull(frame.variable("meta"))
                                .path("attempt")
                                .asInt()
                        == 1) {
            return Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "away"));
        }
        if (emits(node, frame.document(), what)) {
            frame.emit(node.emits().orElseThrow(), emitted(frame.document()));
        }
        if (roll == 1) {
            frame.end();
            stages.end("filtered", node.name(), frame.document());
        }
        return Future.succeededFuture(NullNode.getInstance());
    }

    private boolean emits(Node node, ObjectNode document, String what) {
        return what.equals("work")
                && node.emits().isPresent()
                && document.path("hops").asInt() < MAX_HOPS
                && roll(node.name(), document.path("id").asText(), "emit") % 3 == 0;
    }

    private static ObjectNode emitted(ObjectNode document) {
        return document.deepCopy()
                .put("id", document.path("id").asText() + "+")
                .put("hops", document.path("hops").asInt() + 1);
    }

    /** What must come of it. */
    List<End> expected() {
        List<End> ends = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            enter("s0", io.millrace.testkit.TestJson.object("{}").put("id", "s0" + i), ends);
        }
        return ends;
    }

    private void enter(String stage, ObjectNode document, List<End> ends) {
        Node node = nodes.get(stage);
        if (!survives(node, document, "work", ends)) {
            return;
        }
        if (node.parts() < 0) {
            leave(node, document, ends);
        }
        for (int i = 0; i < node.parts(); i++) {
            ObjectNode part = document.deepCopy();
            part.put("id", document.path("id").asText() + "/" + i);
            if (survives(node, part, "part", ends)) {
                leave(node, part, ends);
            }
        }
    }

    private boolean survives(Node node, ObjectNode document, String what, List<End> ends) {
        String id = document.path("id").asText();
        int roll = roll(node.name(), id, what) % 10;
        if (roll == 0 || (roll == 2 && !node.retries())) {
            ends.add(new End("dead", node.name(), id));
            return false;
        }
        if (emits(node, document, what)) {
            enter(node.emits().orElseThrow(), emitted(document), ends);
        }
        if (roll == 1) {
            ends.add(new End("filtered", node.name(), id));
        }
        return roll != 1;
    }

    private void leave(Node node, ObjectNode document, List<End> ends) {
        String id = document.path("id").asText();
        node.to().forEach(next -> enter(next, document, ends));
        if (node.to().isEmpty()) {
            boolean refused = stages.refuses.test(node.name(), id);
            ends.add(new End(refused ? "dead" : "delivered", node.name(), id));
        }
    }
}
