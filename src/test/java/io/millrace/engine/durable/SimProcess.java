package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Tally;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.StageInstance;
import io.millrace.engine.stage.Topology;
import io.millrace.flow.Flow;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.spi.Failure;
import io.millrace.spi.Sink;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.sim.SimStages;
import io.millrace.testkit.sim.SimWorld;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A process that runs the flow, as the engine does: opens its run, sources and sinks, wires the stages, sees to the end. */
final class SimProcess implements RunControl {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How it ended. */
    enum End {
        DONE,
        STOPPED,
        REFUSED
    }

    /** What the world gives it. */
    record Setting(
            Flow flow,
            Store store,
            Function2<Stage, SimProcess, Sink> sinks,
            Function2<Stage, SimProcess, TableSource> sources,
            long mostRoots,
            long mostBytes,
            Duration drain,
            Presence presence) {}

    /** Two in, one out. */
    interface Function2<A, B, C> {
        C of(A one, B two);
    }

    final SimWorld.Machine machine;
    private final Setting setting;
    private final ModelLedger model;
    private final DistantLedger ledger;
    private final Loop loop;
    private final Tally tally;
    private final Map<String, Origin> origins = new LinkedHashMap<>();
    private final Map<String, Durability.Feed> feeds = new LinkedHashMap<>();
    private final Map<String, Loop> feedLoops = new LinkedHashMap<>();
    private final Map<String, Sink> sinks = new LinkedHashMap<>();
    private final Promise<End> end = Promise.promise();
    private Optional<Durability> durability = Optional.empty();
    private Optional<SimStages> stages = Optional.empty();
    private boolean draining;
    private boolean halted;
    private boolean cancelled;
    private boolean failed;
    private boolean finishing;
    private boolean looking;

    SimProcess(SimWorld world, Setting setting) {
        this.machine = world.machine();
        this.setting = setting;
        this.model = new ModelLedger(setting.store().model);
        this.ledger = new DistantLedger(model, machine, setting.store());
        this.loop = machine.loop();
        this.tally = Topology.collects(setting.flow()) ? Tally.counting() : Tally.NONE;
        loop.execute(this::open);
    }

    /** Completes when it has ended by itself. */
    Future<End> end() {
        return end.future();
    }

    /** It is no more, from one moment to the next. */
    void kill(boolean noticed) {
        machine.kill();
        if (noticed) {
            model.close();
        } else {
            model.fallSilent();
        }
    }

    void freeze() {
        machine.freeze();
        model.fallSilent();
    }

    void wake() {
        model.speak();
        machine.wake();
    }

    boolean isFinishing() {
        return finishing;
    }

    private void open() {
        ledger.open(Invariants.REQUEST, setting.presence()).onSuccess(opened -> {
            if (opened instanceof Opened.Mine mine) {
                begin(mine);
            } else if (opened instanceof Opened.Finished) {
                exit(End.DONE);
            } else {
                loop.after(PATIENCE, this::open);
            }
        });
    }

    private void begin(Opened.Mine mine) {
        Durability made = new Durability(
                mine.run(), ledger.host(), mine.saved(), mine.resumed(), machine.loop(), this, new Letters());
        made.bound(setting.mostRoots(), setting.mostBytes());
        durability = Optional.of(made);
        openSources(made)
                .compose(open -> openSinks(made))
                .compose(open -> made.begin())
                .onComplete(done -> loop.execute(() -> {
                    if (done.succeeded()) {
                        deploy(made);
                    } else {
                        failed = true;
                        made.leave().onComplete(left -> exit(End.REFUSED));
                    }
                }));
    }

    private Future<Void> openSources(Durability made) {
        Future<Void> all = Future.succeededFuture();
        for (Stage stage : setting.flow().stages().values()) {
            if (stage.source().isPresent()) {
                Loop own = machine.loop();
                Origin origin = new Origin(stage.name(), tally, this::nudge);
                origins.put(stage.name(), origin);
                feedLoops.put(stage.name(), own);
                all = all.compose(open -> on(
                                own,
                                () -> made.source(
                                        stage, origin, setting.sources().of(stage, this), own)))
                        .map(feed -> {
                            feeds.put(stage.name(), feed);
                            return null;
                        });
            }
        }
        return all;
    }

    private Future<Void> openSinks(Durability made) {
        Future<Void> all = Future.succeededFuture();
        for (Stage stage : setting.flow().stages().values()) {
            if (stage.sink().isPresent()) {
                Sink sink = setting.sinks().of(stage, this);
                sinks.put(stage.name(), sink);
                OnError decision =
                        stage.modifiers().onError().orElse(setting.flow().onError());
                all = all.compose(open -> on(loop, () -> made.sink(stage, sink, decision)));
            }
        }
        return all;
    }

    private static <T> Future<T> on(Loop loop, Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.execute(() -> work.get().onComplete(done));
        return done.future();
    }

    private void deploy(Durability made) {
        SimStages wired = new SimStages(machine, setting.flow(), this).brakes(made::brake);
        stages = Optional.of(wired);
        wired.deploy(
                        stage -> Optional.ofNullable(sinks.get(stage.name())),
                        stage -> stage.sink().flatMap(sink -> made.vault(stage.name())))
                .onSuccess(ready -> loop.execute(() -> feed(wired)));
    }

    private void feed(SimStages wired) {
        feeds.forEach((stage, feed) -> wired.feed(
                setting.flow().stage(stage), feed.source(), origin(stage), feedLoops.get(stage), feed.admission()));
        if (draining) {
            drainNow();
        }
        look();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(finishing ? "ending" : draining ? "draining" : "running");
        origins.forEach((stage, origin) -> text.append(", source ")
                .append(stage)
                .append(" has read ")
                .append(origin.admitted())
                .append(origin.ended() ? " to its end" : "")
                .append(origin.done() ? ", all settled" : ""));
        stages.ifPresent(wired -> wired.instances.keySet().stream()
                .filter(wired::holdsGroups)
                .forEach(stage -> text.append(", ").append(stage).append(" holds groups")));
        return text.append(tally.isQuiet() ? ", quiet" : "").toString();
    }

    private Origin origin(String stage) {
        return Optional.ofNullable(origins.get(stage)).orElseThrow();
    }

    /** Lets groups go that nothing more can join; ends the run when all has ended. */
    private void look() {
        looking = false;
        if (finishing || stages.isEmpty()) {
            return;
        }
        SimStages wired = stages.get();
        if (tally.isQuiet()) {
            wired.topology.inOrder().stream()
                    .map(Stage::name)
                    .filter(stage -> wired.holdsGroups(stage) && (inputEnded(stage) || isStalled()))
                    .findFirst()
                    .ifPresent(stage -> wired.tell(stage, StageInstance::flushGroups));
        }
        setting.flow().stages().keySet().stream()
                .filter(this::inputEnded)
                .forEach(stage -> wired.tell(stage, StageInstance::hurry));
        if (origins.values().stream().allMatch(Origin::done)) {
            finish();
        }
    }

    private boolean isStalled() {
        return durability.map(Durability::isStalled).orElse(false);
    }

    private boolean inputEnded(String stage) {
        return stages.orElseThrow().topology.sources(stage).stream()
                .allMatch(source -> origin(source).ended());
    }

    private void finish() {
        finishing = true;
        loop.execute(this::settle); // who has stopped the run in this moment is heard before
    }

    private void settle() {
        durability
                .orElseThrow()
                .end(!failed && !draining, cancelled, () -> 0)
                .onComplete(done -> loop.execute(() -> exit(failed || draining ? End.STOPPED : End.DONE)));
    }

    private void exit(End how) {
        model.close();
        machine.kill();
        end.complete(how);
    }

    /** As at the first SIGTERM. */
    void drain() {
        loop.execute(this::drainNow);
    }

    void cancel() {
        loop.execute(() -> {
            cancelled = true;
            drainNow();
            abortNow();
        });
    }

    private void drainNow() {
        draining = true;
        if (stages.isEmpty() || halted || finishing) {
            return;
        }
        halted = true;
        stages.get().halt();
        loop.after(setting.drain(), this::abortNow);
        nudge();
    }

    private void abortNow() {
        stages.filter(wired -> !finishing).ifPresent(wired -> wired.tellAll(StageInstance::abort));
    }

    @Override
    public Future<Void> deadLetter(String stage, Item item, Failure failure) {
        durability.orElseThrow().letter(stage, item, failure);
        return Future.succeededFuture();
    }

    @Override
    public void failed() {}

    @Override
    public void stop(String reason) {
        loop.execute(() -> {
            failed = true;
            drainNow();
        });
    }

    @Override
    public void abort(String reason) {
        loop.execute(() -> {
            failed = true;
            drainNow();
            abortNow();
        });
    }

    @Override
    public void quit() {
        throw new AssertionError("no output of this flow is closed");
    }

    @Override
    public void nudge() {
        if (!looking && (origins.values().stream().anyMatch(Origin::ended) || isStalled())) {
            looking = true;
            loop.execute(this::look);
        }
    }

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

    private static final class Letters implements io.millrace.engine.durable.Letters {
        @Override
        public DeadLetter of(String stage, Item item, Failure failure) {
            return new DeadLetter(stage, item.document(), (ObjectNode) failure.toJson(), item.meta(stage));
        }

        @Override
        public void kept(List<DeadLetter> letters) {}

        @Override
        public void all(long count) {}
    }
}
