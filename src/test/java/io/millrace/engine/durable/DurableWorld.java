package io.millrace.engine.durable;

import io.millrace.engine.durable.Chaos.Trouble;
import io.millrace.engine.durable.DurableFlow.Hands;
import io.millrace.engine.durable.DurableFlow.Node;
import io.millrace.engine.durable.Output.End;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunState;
import io.millrace.spi.Sink;
import io.millrace.testkit.ModelStore;
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
    private static final Duration RESTART = Duration.ofSeconds(1);

    final SimWorld sim;
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
    private boolean starting;
    private Duration healedAt = Duration.ZERO;

    DurableWorld(long seed) {
        this.sim = new SimWorld(seed);
        this.random = sim.random();
        this.flow = new DurableFlow(verdict, seed, random);
        this.chaos = new Chaos(sim);
        this.store = new Store(sim, chaos, this::committed);
        for (Node node : flow.nodes().values()) {
            if (node.source()) {
                tables.put(node.name(), new Table(node.name(), random, 1 + random.nextInt(MOST_RECORDS)));
            }
        }
        if (random.nextInt(4) == 0) {
            List<Table> all = List.copyOf(tables.values());
            flow.killer(all.get(random.nextInt(all.size())).any());
        }
        this.mostRoots = List.of(2, 5, 20, 4096).get(random.nextInt(4));
        this.mostBytes = List.of(1_000, 20_000, 1 << 20, 1 << 20).get(random.nextInt(4));
        this.roll = random.nextBoolean() ? 1 + random.nextInt(20) : Integer.MAX_VALUE;
        this.faults = random.nextInt(MOST_FAULTS + 1);
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
            } else if (!more) {
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
        if (state() == RunState.FINISHED) {
            invariants.checkEnd(1);
        } else {
            invariants.check(1);
        }
        return this;
    }

    private void plan() {
        int scale = List.of(30, 300, 3000).get(random.nextInt(3));
        nextFault = sim.tasks() + random.nextInt(scale);
    }

    private RunState state() {
        return store.model.state(1);
    }

    private boolean isOver() {
        return calm && alive.isEmpty() && frozen.isEmpty() && state() != RunState.UNFINISHED;
    }

    private void tell(String what) {
        story.add(sim.now() + " " + what);
    }

    private void committed(DistantRun by) {
        invariants.check(by.id());
    }

    private void start() {
        if (starting || !alive.isEmpty()) {
            return;
        }
        starting = true;
        Duration pause = calm ? RESTART : Duration.ofMillis(random.nextInt(20_000));
        sim.loop().after(pause, () -> {
            starting = false;
            if (alive.isEmpty() && state() == RunState.UNFINISHED) {
                spawn();
            }
        });
    }

    private void spawn() {
        tell("a process starts");
        Hands hands = new Hands(random);
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
                        Presence.UNHEARD));
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
            alive.remove(process);
            frozen.remove(process);
            start();
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
        store.back();
        store.model.arrive();
        List.copyOf(frozen).forEach(this::wake);
        start();
    }

    private void wake(SimProcess process) {
        if (frozen.remove(process)) {
            tell("a process goes on");
            process.wake();
            alive.add(process);
        }
    }

    private void fault() {
        switch (random.nextInt(16)) {
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
            default -> late();
        }
    }

    private void kill(boolean noticed) {
        tell("kill -9");
        List.copyOf(alive).forEach(process -> process.kill(noticed));
        invariants.killed();
        alive.clear();
        start();
    }

    private void cutPower() {
        tell("the power is cut");
        frozen.forEach(process -> process.kill(random.nextBoolean()));
        frozen.clear();
        kill(random.nextBoolean());
        disk.cutPower(random);
    }

    private void freeze() {
        tell("a process is stopped for a while");
        Duration time = Duration.ofMillis(random.nextInt(60_000));
        for (SimProcess process : List.copyOf(alive)) {
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
        alive.forEach(SimProcess::drain);
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
            invariants.check(1);
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
