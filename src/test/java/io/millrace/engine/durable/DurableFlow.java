package io.millrace.engine.durable;

import static io.millrace.testkit.sim.Stages.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.durable.Output.End;
import io.millrace.flow.OnError;
import io.millrace.flow.Routes;
import io.millrace.flow.Stage;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.millrace.testkit.sim.SimStages;
import io.millrace.testkit.sim.Stages;
import io.millrace.testkit.sim.TestSteps;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A flow drawn by chance, and what must come of it. Each attempt at a record draws a number, as does each group; what becomes of a document at a stage
 * depends on that number and the document's id. So no two attempts need have the same outputs, and what one attempt yields is known.
 */
final class DurableFlow implements Refusals {
    private static final int MOST_HOPS = 2;
    private static final int ATTEMPTS = 3;
    private static final int SLOW = 150;
    private static final Duration LONG = Duration.ofSeconds(8);
    private static final int VALUES = 9;

    /** A stage. */
    record Node(
            String name,
            boolean source,
            List<String> to,
            Optional<String> emits,
            int parts,
            boolean collects,
            int groupOf,
            Duration linger,
            boolean retries,
            OnError decision,
            End sink,
            int instances,
            int concurrency,
            int capacity,
            Optional<String> key,
            boolean ordered,
            boolean paced,
            int batch,
            boolean durable,
            boolean unique,
            Duration backoff) {
        Node inTable() {
            return new Node(
                    name,
                    source,
                    to,
                    emits,
                    parts,
                    collects,
                    groupOf,
                    linger,
                    retries,
                    decision,
                    sink,
                    instances,
                    concurrency,
                    capacity,
                    key,
                    ordered,
                    paced,
                    batch,
                    true,
                    unique,
                    backoff);
        }

        /** Whether it hands on what it takes in the order in which it came. */
        boolean keepsOrder() {
            return ordered && !collects && !durable;
        }
    }

    private record Traits(int stages, boolean collecting, boolean cyclic, boolean orderly, boolean queues) {}

    /**
     * Where something begins that comes to one end: a record of a source, or a row of a queue.
     *
     * @param stage that works on it first
     * @param row whether it has been in that stage's queue already
     */
    record Birth(String owner, String stage, String id, int hops, boolean row) {}

    /** Documents that were put together by one attempt. */
    record Group(String stage, String owner, long attempt, int hops, List<Output> members, List<String> records) {}

    private final Verdict verdict;
    private final long seed;
    private final SplittableRandom random;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, List<Long>> attempts = new HashMap<>();
    private final Map<String, Set<Hands>> workers = new HashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private long drawn;
    private String killer = "";

    /**
     * @param queues whether stages may have queues in the store
     * @param alone whether one process runs it: where groups lie in a cycle over several, each waits for the other
     */
    DurableFlow(Verdict verdict, long seed, SplittableRandom random, boolean queues, boolean alone) {
        this.verdict = verdict;
        this.seed = seed;
        this.random = random;
        int stages = 1 + random.nextInt(5);
        boolean collecting = random.nextInt(3) == 0;
        boolean cyclic = random.nextBoolean() && (alone || !collecting);
        Traits traits = new Traits(stages, collecting, cyclic, random.nextInt(4) == 0, queues);
        List<List<String>> edges = edges(traits.stages());
        for (int i = 0; i < traits.stages(); i++) {
            Node node = draw(i, edges.get(i), traits);
            nodes.put(node.name(), node);
        }
        if (queues) {
            Routes routes = new Routes(SimStages.flow(new OnError.DeadLetter(), true, stages(Hands.IDLE)));
            nodes.replaceAll((name, node) -> node.unique() || routes.isEnteredByCycle(name) ? node.inTable() : node);
        }
    }

    /** Which stages feed which: each but the first is fed by an earlier one, and several may end in sinks. */
    private List<List<String>> edges(int count) {
        List<List<String>> edges = new ArrayList<>();
        List<Integer> feeders = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            edges.add(new ArrayList<>());
            int sure = feeders.isEmpty() ? -1 : feeders.get(random.nextInt(feeders.size()));
            for (int feeder : feeders) {
                if (feeder == sure || random.nextInt(3) == 0) {
                    edges.get(feeder).add("s" + index);
                }
            }
            if (index == 0 || random.nextBoolean()) {
                feeders.add(index);
            }
        }
        return edges;
    }

    private Node draw(int index, List<String> to, Traits traits) {
        int count = traits.stages();
        boolean cyclic = traits.cyclic();
        int first = cyclic ? 0 : index + 1;
        boolean emits = first < count && random.nextInt(3) == 0;
        int instances = traits.orderly() ? 1 : 1 + random.nextInt(3);
        int parts = random.nextInt(3) == 0 ? random.nextInt(4) : -1;
        return new Node(
                "s" + index,
                index == 0 || (index == 1 && random.nextInt(4) == 0),
                to,
                emits ? Optional.of("s" + (first + random.nextInt(count - first))) : Optional.empty(),
                parts,
                traits.collecting() && parts < 0 && random.nextBoolean(),
                1 + random.nextInt(6),
                random.nextBoolean() ? Duration.ofMillis(1 + random.nextInt(200)) : Duration.ZERO,
                random.nextBoolean(),
                decision(),
                to.isEmpty()
                        ? List.of(End.ROW, End.LINE, End.ROW, End.LINE, End.OUT).get(random.nextInt(5))
                        : End.OUT,
                instances,
                instances * (1 + random.nextInt(4)),
                random.nextBoolean() ? 1 + random.nextInt(6) : 64,
                random.nextInt(4) == 0 ? Optional.of("(.key // 0) % 3") : Optional.empty(),
                !cyclic && instances == 1 && (traits.orderly() || random.nextInt(3) == 0), // in a cycle it is refused
                random.nextInt(6) == 0,
                1 + random.nextInt(10),
                traits.queues() && random.nextBoolean(),
                traits.queues() && random.nextInt(5) == 0,
                traits.queues() && random.nextBoolean() ? LONG : Duration.ofMillis(1));
    }

    private OnError decision() {
        return switch (random.nextInt(12)) {
            case 0 -> new OnError.Drop();
            case 1 -> new OnError.Ignore();
            case 2 -> new OnError.Stop();
            default -> new OnError.DeadLetter();
        };
    }

    /** This record ends the process that works on it. */
    void killer(String record) {
        killer = record;
    }

    boolean hasKiller() {
        return !killer.isEmpty();
    }

    boolean isKiller(String record) {
        return killer.equals(record);
    }

    Map<String, Node> nodes() {
        return nodes;
    }

    /** Numbers of the attempts at a record. */
    List<Long> attempts(String record) {
        return attempts.getOrDefault(record, List.of());
    }

    /** Whether more than one process has begun it. */
    boolean isBegunAgain(String record) {
        return workers.getOrDefault(record, Set.of()).size() > 1;
    }

    boolean collects() {
        return nodes.values().stream().anyMatch(Node::collects);
    }

    /** Whether records reach the stage in the order of their source, and by no other way. */
    boolean isInOrder(String stage) {
        Node node = node(stage);
        boolean emitted = nodes.values().stream()
                .anyMatch(other -> other.emits().filter(stage::equals).isPresent());
        List<Node> feeders = nodes.values().stream()
                .filter(other -> other.to().contains(stage))
                .toList();
        if (!node.keepsOrder() || emitted || feeders.size() + (node.source() ? 1 : 0) != 1) {
            return false;
        }
        return node.source() || isInOrder(feeders.get(0).name());
    }

    Map<String, Group> groups() {
        return groups;
    }

    /** The stages, for one process. */
    List<Stage> stages(Hands hands) {
        return nodes.values().stream().map(node -> build(node, hands)).toList();
    }

    private Stage build(Node node, Hands hands) {
        Stages built = stage(node.name())
                .instances(node.instances())
                .concurrency(node.concurrency())
                .capacity(node.capacity())
                .modified(modifiers(node));
        if (node.source()) {
            built.source();
        }
        if (node.to().isEmpty()) {
            built.sink(node.batch(), node.sink() == End.LINE);
        } else {
            built.to(node.to().toArray(String[]::new));
        }
        built.steps(TestSteps.action("draw", frame -> number(frame, hands)));
        node.emits()
                .ifPresentOrElse(
                        target -> built.emitting(target, work(node, "work", hands)),
                        () -> built.steps(TestSteps.action("work", work(node, "work", hands))));
        if (node.parts() >= 0) {
            built.splitting(node.parts()).steps(TestSteps.action("part", work(node, "part", hands)));
        } else if (node.collects()) {
            Optional<Duration> linger = Optional.of(node.linger()).filter(time -> !time.isZero());
            built.collecting(Optional.of(TestSteps.jq("(.key // 0) % 2")), node.groupOf(), linger)
                    .steps(
                            TestSteps.action("group", frame -> group(node, frame)),
                            TestSteps.action("grouped", work(node, "grouped", hands)));
        }
        node.key().ifPresent(built::key);
        if (node.durable()) {
            built.durable();
        }
        if (node.unique()) {
            built.unique("(.key // 0) % " + VALUES);
        }
        if (node.paced()) {
            built.rate(1, Duration.ofMillis(2), Optional.empty(), 2);
        }
        return (node.ordered() ? built.ordered() : built).done();
    }

    private static TestSteps modifiers(Node node) {
        TestSteps whole = TestSteps.whole().onError(node.decision());
        return node.retries() ? whole.retry(ATTEMPTS, node.backoff()) : whole;
    }

    /** Gives the attempt at a record its number. */
    private Future<JsonNode> number(Frame frame, Hands hands) {
        if (!frame.document().has("n")) {
            String record = frame.document().path("owner").asText();
            frame.put("n", LongNode.valueOf(++drawn));
            attempts.computeIfAbsent(record, any -> new ArrayList<>()).add(drawn);
            workers.computeIfAbsent(record, any -> new HashSet<>()).add(hands);
            if (attempts(record).size()
                    > ATTEMPTS * workers.getOrDefault(record, Set.of()).size()) {
                throw verdict.broken("no more attempts than are granted", attempts(record) + " at " + record);
            }
            hands.begins(record);
            if (!hands.take(record)) {
                throw verdict.broken("bounds hold", hands + " are under way at a time");
            }
        }
        return Future.succeededFuture(NullNode.getInstance());
    }

    private Future<JsonNode> group(Node node, Frame frame) {
        long number = ++drawn;
        String owner = "g" + number;
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("id", owner).put("owner", owner).put("n", number).put("payload", Table.payload(owner));
        ArrayNode records = document.putArray("records");
        List<Output> members = new ArrayList<>();
        int hops = 0;
        for (JsonNode member : frame.document().path("items")) {
            members.add(Output.of(End.GROUPED, node.name(), member));
            hops = Math.max(hops, member.path("hops").asInt());
            if (member.has("records")) {
                member.path("records").forEach(records::add);
            } else {
                records.add(member.path("owner"));
            }
        }
        document.put("hops", hops);
        List<String> names = new ArrayList<>();
        records.forEach(name -> names.add(name.asText()));
        groups.put(owner, new Group(node.name(), owner, number, hops, members, names));
        frame.replace(document);
        return Future.succeededFuture(NullNode.getInstance());
    }

    private Step work(Node node, String what, Hands hands) {
        return frame -> {
            if (!hands.begin(node)) {
                throw verdict.broken("bounds hold", node.name() + " works on more than " + node.concurrency());
            }
            if (what.equals("work") && isKiller(frame.document().path("id").asText())) {
                hands.die();
                return Promise.<JsonNode>promise().future();
            }
            int attempt = meta(frame).path("attempt").asInt();
            if (attempt > ATTEMPTS) {
                throw verdict.broken(
                        "no more attempts than are granted", "attempt " + attempt + " at " + frame.document());
            }
            Future<Void> done = hands.random().nextBoolean()
                    ? Future.succeededFuture()
                    : frame.scope().sleep(time(hands)).mapEmpty();
            return done.onComplete(any -> hands.end(node)).compose(awake -> decide(node, what, frame, attempt));
        };
    }

    private static Duration time(Hands hands) {
        boolean slow = hands.random().nextInt(SLOW) == 0;
        return Duration.ofNanos(1000L * (1 + hands.random().nextInt(slow ? 10_000_000 : 3000)));
    }

    private static JsonNode meta(Frame frame) {
        return Objects.requireNonNull(frame.variable("meta"));
    }

    private Future<JsonNode> decide(Node node, String what, Frame frame, int attempt) {
        ObjectNode document = frame.document();
        String id = document.path("id").asText();
        long n = document.path("n").asLong();
        if (emits(node, id, n, document.path("hops").asInt(), what)) {
            frame.emit(node.emits().orElseThrow(), emitted(document)); // in attempts that fail, too
        }
        Fate fate = fate(node, id, n, what);
        if (fate == Fate.FAILS) {
            return Future.failedFuture(Output.death(Kind.BAD_DATA, node.name(), document));
        }
        if (fate == Fate.FAILS_AT_FIRST && attempt == 1) {
            return Future.failedFuture(Output.death(Kind.UNREACHABLE, node.name(), document));
        }
        if (fate == Fate.ENDS) {
            frame.end();
        }
        return Future.succeededFuture(NullNode.getInstance());
    }

    private static ObjectNode emitted(ObjectNode document) {
        return document.deepCopy()
                .put("id", document.path("id").asText() + "+")
                .put("hops", document.path("hops").asInt() + 1);
    }

    @Override
    public void encode(String stage, ObjectNode document) {
        if (sinkRoll(stage, document.path("id").asText(), document.path("n").asLong()) == 0) {
            throw Output.death(Kind.BAD_DATA, stage, document);
        }
    }

    @Override
    public boolean write(String stage, ObjectNode document) {
        String id = document.path("id").asText();
        int roll = sinkRoll(stage, id, document.path("n").asLong());
        return roll == 1 || (roll == 0 && node(stage).sink() == End.OUT);
    }

    private enum Fate {
        FAILS,
        FAILS_AT_FIRST,
        ENDS,
        LIVES
    }

    private Fate fate(Node node, String id, long n, String what) {
        return switch (roll(node.name(), id, n, what) % 14) {
            case 0 -> Fate.FAILS;
            case 1 -> Fate.ENDS;
            case 2 -> Fate.FAILS_AT_FIRST;
            default -> Fate.LIVES;
        };
    }

    private int sinkRoll(String stage, String id, long n) {
        return roll(stage, id, n, "sink") % 20;
    }

    private boolean emits(Node node, String id, long n, int hops, String what) {
        return what.equals("work")
                && node.emits().isPresent()
                && hops < MOST_HOPS
                && roll(node.name(), id, n, "emit") % 3 == 0;
    }

    private int roll(String stage, String id, long n, String what) {
        return new SplittableRandom(Objects.hash(seed, stage, id, n, what)).nextInt(1_000_000);
    }

    private Node node(String stage) {
        return Objects.requireNonNull(nodes.get(stage));
    }

    /** What must come of this attempt at a record or row; empty if it cannot be kept. */
    Optional<List<Output>> expected(Birth birth, long attempt) {
        return new Expansion(birth.owner(), attempt).of(all -> {
            if (birth.row()) {
                all.begin(birth.stage(), birth.id(), birth.hops());
            } else {
                all.enter(birth.stage(), birth.id(), birth.hops());
            }
        });
    }

    /** Whether records of the stage's source go into its queue before anything is tried. */
    boolean isQueuedAtOnce(Birth birth) {
        return !birth.row() && node(birth.stage()).durable();
    }

    /** The value by which a unique queue tells it from others. */
    static int unique(Output queued) {
        return queued.key() % VALUES;
    }

    /** What must come of a group. */
    Optional<List<Output>> expected(Group group) {
        Node node = node(group.stage());
        return new Expansion(group.owner(), group.attempt()).of(all -> {
            if (all.survives(node, group.owner(), group.hops(), "grouped")) {
                all.leave(node, group.owner(), group.hops());
            }
        });
    }

    private final class Expansion {
        private final String owner;
        private final long attempt;
        private final List<Output> ends = new ArrayList<>();
        private boolean stops;

        Expansion(String owner, long attempt) {
            this.owner = owner;
            this.attempt = attempt;
        }

        Optional<List<Output>> of(Consumer<Expansion> begin) {
            begin.accept(this);
            return stops ? Optional.empty() : Optional.of(ends);
        }

        void enter(String stage, String id, int hops) {
            if (node(stage).durable()) {
                end(End.QUEUED, node(stage), id);
            } else {
                begin(stage, id, hops);
            }
        }

        /** Works on it in a stage. */
        void begin(String stage, String id, int hops) {
            Node node = node(stage);
            if (!survives(node, id, hops, "work")) {
                return;
            }
            if (node.parts() >= 0) {
                for (int i = 0; i < node.parts(); i++) {
                    String part = id + "/" + i;
                    if (survives(node, part, hops, "part")) {
                        leave(node, part, hops);
                    }
                }
            } else if (node.collects()) {
                end(End.GROUPED, node, id);
            } else {
                leave(node, id, hops);
            }
        }

        boolean survives(Node node, String id, int hops, String what) {
            Fate fate = fate(node, id, attempt, what);
            if (fate == Fate.FAILS || (fate == Fate.FAILS_AT_FIRST && !node.retries())) {
                stops |= node.decision() instanceof OnError.Stop;
                dies(node, id);
                return false;
            }
            if (emits(node, id, attempt, hops, what)) {
                enter(node.emits().orElseThrow(), id + "+", hops + 1);
            }
            return fate != Fate.ENDS;
        }

        private void dies(Node node, String id) {
            if (!(node.decision() instanceof OnError.Drop) && !(node.decision() instanceof OnError.Ignore)) {
                end(End.DEAD, node, id);
            }
        }

        void leave(Node node, String id, int hops) {
            node.to().forEach(next -> enter(next, id, hops));
            if (node.to().isEmpty()) {
                sink(node, id);
            }
        }

        private void sink(Node node, String id) {
            int roll = sinkRoll(node.name(), id, attempt);
            if (roll > 1) {
                end(node.sink(), node, id);
                return;
            }
            // what is refused as it is committed is dead already when the run stops for it
            stops |= node.decision() instanceof OnError.Stop && (roll == 0 || node.sink() == End.OUT);
            dies(node, id);
        }

        private void end(End how, Node node, String id) {
            ends.add(new Output(how, node.name(), id, owner, attempt));
        }
    }

    /** Those of one process who do the work: no more at a time than a stage allows. */
    static final class Hands {
        /** Of nobody. */
        static final Hands IDLE = new Hands(new SplittableRandom(0), Long.MAX_VALUE, record -> true);

        private final Map<String, Integer> busy = new HashMap<>();
        private final Set<String> open = new HashSet<>();
        private final SplittableRandom random;
        private final long most;
        private final Predicate<String> done;
        private Consumer<String> beginning = record -> {};
        private Runnable death = () -> {};

        /**
         * @param most records under way at a time
         * @param done which are
         */
        Hands(SplittableRandom random, long most, Predicate<String> done) {
            this.random = random;
            this.most = most;
            this.done = done;
        }

        /** @param task told of each attempt that begins */
        void tell(Consumer<String> task) {
            beginning = task;
        }

        void begins(String record) {
            beginning.accept(record);
        }

        /** Whether one more may be under way. */
        boolean take(String record) {
            open.removeIf(done);
            open.add(record);
            return open.size() <= most;
        }

        @Override
        public String toString() {
            return open.size() + " records";
        }

        /** @param ends how the process of these hands ends at once */
        void mortal(Runnable ends) {
            death = ends;
        }

        void die() {
            death.run();
        }

        SplittableRandom random() {
            return random;
        }

        /** Whether so much may go on at a time. */
        boolean begin(Node node) {
            return busy.merge(node.name(), 1, Integer::sum) <= node.concurrency();
        }

        void end(Node node) {
            busy.merge(node.name(), -1, Integer::sum);
        }
    }
}
