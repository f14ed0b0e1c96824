package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.engine.durable.Chaos.Trouble;
import io.millrace.engine.durable.DurableFlow.Hands;
import io.millrace.engine.durable.DurableFlow.Node;
import io.millrace.engine.durable.Output.End;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.ledger.Enqueued;
import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Presence;
import io.millrace.ledger.Progress;
import io.millrace.ledger.RunState;
import io.millrace.spi.Sink;
import io.millrace.testkit.ModelStore;
import io.millrace.testkit.ModelStore.Queued;
import io.millrace.testkit.sim.SimStages;
import io.millrace.testkit.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A random durable flow in a world where processes end, machines lose power, the store and the disk fail, at moments drawn by chance; somebody starts it
 * again and again until it is done. All of it follows from the seed.
 */
final class DurableWorld {
    /** Within this time after the last fault everything is done. */
    private static final Duration HEALED_WITHIN = Duration.ofMinutes(10);

    private static final int MOST_FAULTS = 8;
    private static final int MOST_RECORDS = 40;
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(61);
    private static final Duration RESTART = Duration.ofSeconds(1);

    /** What there is. */
    enum Scene {
        /** One process, whose items stay in it. */
        PLAIN,
        /** One process, and queues in the store. */
        QUEUES,
        /** Several processes on one store. */
        NODES
    }

    final SimWorld sim;
    private final Scene scene;
    private final Verdict verdict = new Verdict();
    private final SplittableRandom random;
    private final DurableFlow flow;
    private final Chaos chaos;
    private final Store store;
    private final Disk disk = new Disk();
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final Invariants invariants;
    private final List<SimProcess> alive = new ArrayList<>();
    private final List<SimProcess> frozen = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final long mostRoots;
    private final long mostBytes;
    private final int roll;
    private int faults;
    private long nextFault;
    private boolean calm;
    /** Until then something may arrive from a process that is no more. */
    private Duration heardUntil = Duration.ZERO;

    private final int processes;
    private boolean starting;
    private Duration healedAt = Duration.ZERO;

    DurableWorld(long seed, Scene scene) {
        this.sim = new SimWorld(seed);
        this.scene = scene;
        this.random = sim.random();
        this.flow = new DurableFlow(verdict, seed, random, scene != Scene.PLAIN, scene != Scene.NODES);
        this.chaos = new Chaos(sim);
        this.store = new Store(verdict, sim, chaos, this::committed);
        for (Node node : flow.nodes().values()) {
            if (node.source()) {
                tables.put(node.name(), new Table(node.name(), random, 1 + random.nextInt(MOST_RECORDS)));
            }
        }
        if (scene == Scene.PLAIN && random.nextInt(4) == 0) {
            List<Table> all = List.copyOf(tables.values());
            flow.killer(all.get(random.nextInt(all.size())).any());
        }
        this.mostRoots = List.of(2, 5, 20, 4096).get(random.nextInt(4));
        this.mostBytes = List.of(1_000, 20_000, 1 << 20, 1 << 20).get(random.nextInt(4));
        this.roll = random.nextBoolean() ? 1 + random.nextInt(20) : Integer.MAX_VALUE;
        this.faults = random.nextInt(MOST_FAULTS + 1);
        this.processes = scene == Scene.NODES ? 2 + random.nextInt(2) : 1;
        this.invariants = new Invariants(verdict, flow, tables, store.model, disk, mostBytes < 1 << 20);
        plan();
    }

    /** What went wrong, and when. */
    List<String> story() {
        return story;
    }

    /** Who is alive, and how they fare. */
    List<SimProcess> alive() {
        return alive;
    }

    /** Runs to the end of the run, and checks what must be true on the way there. */
    DurableWorld run() {
        tell("begins " + flow.nodes().values());
        start();
        while (!isOver()) {
            if (faults > 0 && sim.tasks() >= nextFault) {
                faults--;
                fault();
                plan();
            } else if (faults == 0 && !calm) {
                heal();
            }
            boolean more = sim.step();
            verdict.pronounce();
            if (!more && !calm) {
                heal();
            } else if (!more && !isOver()) {
                throw verdict.broken(
                        "whatever is healthy goes on", "nothing is left to do, and the run is not done: " + alive);
            }
            if (calm && sim.now().minus(healedAt).compareTo(HEALED_WITHIN) > 0) {
                throw verdict.broken("whatever is healthy goes on", "not done after " + HEALED_WITHIN + ": " + alive);
            }
        }
        sim.run();
        verdict.pronounce();
        store.model.arrive();
        invariants.checkEnd(number());
        return this;
    }

    /** What lies in the queues. */
    List<Queued> queued() {
        return store.model.count() == 0 ? List.of() : store.model.queued(number());
    }

    private void plan() {
        int scale = List.of(30, 300, 3000).get(random.nextInt(3));
        nextFault = sim.tasks() + random.nextInt(scale);
    }

    /** That of the last run: one that was given up before it began is followed by another. */
    private long number() {
        return Math.max(1, store.model.count());
    }

    private boolean isFinished() {
        return store.model.state(number()) == RunState.FINISHED;
    }

    private boolean isOver() {
        return calm && alive.isEmpty() && frozen.isEmpty() && isFinished();
    }

    private void tell(String what) {
        story.add(sim.now() + " " + what);
    }

    private void committed(DistantRun by) {
        invariants.check(by.id());
    }

    /** Somebody sees to it that there are as many processes as there are to be. */
    private void start() {
        if (starting || alive.size() >= processes || isFinished()) {
            return;
        }
        starting = true;
        Duration pause = calm ? RESTART : Duration.ofMillis(random.nextInt(20_000));
        sim.loop().after(pause, () -> {
            starting = false;
            if (alive.size() < processes && !isFinished()) {
                spawn();
                start();
            }
        });
    }

    private void spawn() {
        tell("a process starts");
        long most = flow.collects()
                ? Long.MAX_VALUE
                : mostRoots * (tables.size() + flow.nodes().size() + 1);
        Hands hands = new Hands(random, most, record -> !invariants.isUnderWay(number(), record));
        SimProcess process = new SimProcess(
                sim,
                new SimProcess.Setting(
                        SimStages.flow(new OnError.DeadLetter(), true, flow.stages(hands)),
                        store,
                        this::sink,
                        (stage, of) -> new TableSource(Objects.requireNonNull(tables.get(stage.name())), chaos),
                        mostRoots,
                        mostBytes,
                        Duration.ofMillis(random.nextInt(2000)),
                        Presence.UNHEARD,
                        Invariants.request(scene == Scene.NODES)));
        hands.tell(record -> invariants.begins(number(), process, record));
        alive.add(process);
        hands.mortal(() -> {
            tell("a record ends the process");
            process.kill(random.nextBoolean());
            alive.remove(process);
            frozen.remove(process);
            start();
        });
        process.end().onSuccess(how -> {
            tell("a process ends: " + how);
            invariants.ended(process);
            alive.remove(process);
            frozen.remove(process);
            if (how != SimProcess.End.DONE || alive.isEmpty()) {
                start();
            }
        });
    }

    private Sink sink(Stage stage, SimProcess process) {
        End kind = Objects.requireNonNull(flow.nodes().get(stage.name())).sink();
        return switch (kind) {
            case ROW -> new RowSink(verdict, stage.name(), chaos, flow);
            case LINE -> new DiskSink(verdict, disk, stage.name(), process.machine, chaos, flow, roll);
            default -> new PlainSink(stage.name(), chaos, flow, invariants::delivered);
        };
    }

    private void heal() {
        tell("all is well from now on");
        calm = true;
        faults = 0;
        healedAt = sim.now();
        chaos.heal();
        store.model.arrive();
        List.copyOf(frozen).forEach(this::wake);
        fresh();
        start();
    }

    /** Something comes when all is well: it has to come to its end as everything else. */
    private void fresh() {
        if (store.model.count() == 0
                || store.model.state(number()) != RunState.UNFINISHED
                || store.model.saved(number()).progress().isEmpty()) {
            return;
        }
        boolean unread = alive.isEmpty() && sim.now().compareTo(heardUntil) > 0;
        for (Progress progress : store.model.saved(number()).progress()) {
            if (unread && !progress.ended()) {
                Objects.requireNonNull(tables.get(progress.stage())).growForSure();
            }
        }
        if (scene != Scene.PLAIN) {
            List<Node> all = List.copyOf(flow.nodes().values());
            Node to = all.get(random.nextInt(all.size()));
            int key = random.nextInt(10);
            int bucket = to.key().isPresent() ? key % 3 : Enqueued.NO_KEY;
            Enqueued row = new Enqueued(
                    to.name(),
                    Table.document("fresh", key),
                    JsonNodeFactory.instance.objectNode(),
                    null,
                    null,
                    bucket,
                    Duration.ZERO);
            invariants.gave(number(), () -> store.model.enqueue(number(), row));
        }
    }

    private void wake(SimProcess process) {
        if (frozen.remove(process)) {
            tell("a process goes on");
            process.wake();
            alive.add(process);
        }
    }

    private void fault() {
        switch (random.nextInt(19)) {
            case 0, 1, 2 -> kill(random.nextBoolean());
            case 3 -> cutPower();
            case 4 -> freeze();
            case 5 -> drain();
            case 6, 7, 8 -> cut();
            case 9 -> trouble(Trouble.values()[random.nextInt(Trouble.values().length)]);
            case 10 -> trouble(Trouble.DISK_FULL);
            case 11 -> trouble(Trouble.TABLE_AWAY);
            case 12 -> storeAway();
            case 13 -> vanish();
            case 14 -> grow();
            case 15 -> late();
            case 16 -> lines();
            default -> replay();
        }
    }

    /** One of those that are alive, or all. */
    private List<SimProcess> some() {
        return alive.size() < 2 || random.nextInt(4) == 0
                ? List.copyOf(alive)
                : List.of(alive.get(random.nextInt(alive.size())));
    }

    private void kill(boolean noticed) {
        heardUntil = sim.now().plus(LONGEST_SILENCE);
        invariants.killed();
        List<SimProcess> killed = some();
        tell("kill -9 of " + killed.size());
        killed.forEach(process -> process.kill(noticed));
        alive.removeAll(killed);
        start();
    }

    private void lines() {
        Duration time = Duration.ofMillis(random.nextInt(60_000));
        tell("a process hears nothing of the store for " + time);
        invariants.killed(); // it may be taken for dead
        some().forEach(process -> process.cut(time));
    }

    private void replay() {
        if (store.model.count() == 0 || scene == Scene.NODES) {
            return; // several processes end what they share one by one: what comes back then waits for the next run
        }
        List<Long> letters = store.model.letters(number()).stream()
                .filter(letter -> letter.letter().document().has("owner")) // else it is a group
                .map(KeptLetter::id)
                .filter(letter -> random.nextBoolean())
                .toList();
        tell(letters.size() + " dead letters are replayed");
        invariants.gave(number(), () -> store.model.replay(letters));
        start();
    }

    private void cutPower() {
        tell("the power is cut");
        heardUntil = sim.now().plus(LONGEST_SILENCE);
        invariants.killed();
        alive.addAll(frozen);
        frozen.clear();
        alive.forEach(process -> process.kill(random.nextBoolean()));
        alive.clear();
        start();
        disk.cutPower(random);
    }

    private void freeze() {
        tell("a process is stopped for a while");
        Duration time = Duration.ofMillis(random.nextInt(60_000));
        invariants.killed();
        for (SimProcess process : some()) {
            process.freeze();
            invariants.killed(); // if it takes too long
            alive.remove(process);
            frozen.add(process);
            sim.loop().after(time, () -> wake(process));
        }
        if (random.nextBoolean()) {
            start();
        }
    }

    private void drain() {
        tell("SIGTERM");
        some().forEach(SimProcess::drain);
    }

    private void cut() {
        ModelStore.Cut[] all = ModelStore.Cut.values();
        ModelStore.Cut how = all[random.nextInt(all.length)];
        tell("the next commit meets " + how);
        store.model.cut(how);
    }

    private void late() {
        tell("what is late arrives");
        store.model.arrive();
        if (store.model.count() > 0) {
            invariants.check(number());
        }
    }

    private void trouble(Trouble trouble) {
        tell("trouble: " + trouble);
        chaos.bring(trouble, 1 + random.nextInt(4));
    }

    private void storeAway() {
        Duration time = Duration.ofMillis(random.nextInt(40_000));
        tell("the store is away for " + time);
        store.away(time);
    }

    private void vanish() {
        tell("a record vanishes");
        tables.values().forEach(Table::vanish);
    }

    private void grow() {
        tell("a record comes");
        tables.values().forEach(Table::grow);
    }
}
