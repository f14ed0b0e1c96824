package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Tally;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.StageInstance;
import io.millrace.engine.stage.Topology;
import io.millrace.flow.Flow;
import io.millrace.flow.Stage;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.spi.Failure;
import io.millrace.spi.Sink;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.sim.SimWorld;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
            Presence presence,
            RunRequest request) {}

    /** Two in, one out. */
    interface Function2<A, B, C> {
        C of(A one, B two);
    }

    final SimWorld.Machine machine;
    final ModelLedger model;
    private final Setting setting;
    private final DistantLedger ledger;
    private final Loop loop;
    private final Tally tally;
    private final Promise<End> end = Promise.promise();
    private final Set<String> begun = new HashSet<>();
    private Optional<Durability> durability = Optional.empty();
    private Optional<SimDeployment> deployment = Optional.empty();
    private boolean deployed;
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
        }
    }

    void freeze() {
        machine.freeze();
    }

    void wake() {
        machine.wake();
    }

    /** Its lines to the store are dead for a while. */
    void cut(Duration time) {
        ledger.cut(time);
    }

    boolean isFinishing() {
        return finishing;
    }

    private void open() {
        ledger.open(setting.request(), setting.presence()).onSuccess(opened -> {
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
        if (setting.request().shared()) {
            made.share();
        }
        made.bound(setting.mostRoots(), setting.mostBytes());
        durability = Optional.of(made);
        Future<Void> resources =
                made.isShared() ? made.alone("resources", Future::succeededFuture) : Future.succeededFuture();
        SimDeployment parts = new SimDeployment(
                machine,
                setting.flow(),
                this,
                made,
                loop,
                stage -> setting.sinks().of(stage, this),
                (stage, own) -> setting.sources().of(stage, this));
        deployment = Optional.of(parts);
        resources
                .compose(open -> parts.open(tally))
                .onComplete(done -> loop.execute(() -> {
                    if (done.succeeded()) {
                        begin(parts);
                    } else {
                        failed = true;
                        finish();
                    }
                }));
    }

    private void begin(SimDeployment parts) {
        deployed = true;
        parts.beginQueues();
        look();
        if (draining) {
            drainNow();
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(finishing ? "ending" : draining ? "draining" : "running");
        deployment.ifPresent(parts -> parts.origins()
                .forEach((name, origin) -> text.append(", ")
                        .append(name)
                        .append(" has read ")
                        .append(origin.admitted())
                        .append(origin.ended() ? " to its end" : "")
                        .append(origin.isIdle() ? ", all settled" : "")));
        deployment.ifPresent(parts -> parts.stages.instances.keySet().stream()
                .filter(parts.stages::holdsGroups)
                .forEach(stage -> text.append(", ").append(stage).append(" holds groups")));
        durability.filter(made -> !made.isAtRest()).ifPresent(made -> text.append(", something waits to be kept"));
        deployment.ifPresent(parts -> setting.flow().stages().keySet().stream()
                .filter(stage -> deployed && parts.inputEnded(stage))
                .forEach(stage -> text.append(", nothing comes to ").append(stage)));
        return text.append(tally.isQuiet() ? ", quiet" : "").toString();
    }

    /** As the course of the stages in the engine: begins sources, lets groups go that nothing more can join, ends the run when all has ended. */
    private void look() {
        looking = false;
        if (finishing || !deployed) {
            return;
        }
        SimDeployment parts = deployment.orElseThrow();
        parts.seen();
        for (SimFeed source : parts.sources()) {
            if (!draining && parts.isHere(source) && begun.add(source.stage().name())) {
                parts.beginSource(source);
            }
        }
        if (tally.isQuiet() && durability.map(Durability::isAtRest).orElse(true)) {
            parts.stages.topology.inOrder().stream()
                    .map(Stage::name)
                    .filter(stage -> parts.stages.holdsGroups(stage) && (parts.inputEnded(stage) || isStalled()))
                    .findFirst()
                    .ifPresent(stage -> parts.stages.tell(stage, StageInstance::flushGroups));
        }
        setting.flow().stages().keySet().stream()
                .filter(stage -> anySourceEnded() && !parts.supply.isSettled(stage) && parts.inputEnded(stage))
                .forEach(stage -> parts.stages.tell(stage, StageInstance::hurry));
        if (setting.flow().stages().keySet().stream().allMatch(parts.supply::isSettled)) {
            finish();
        }
    }

    private boolean isStalled() {
        return durability.map(Durability::isStalled).orElse(false);
    }

    private boolean anySourceEnded() {
        for (SimFeed source : deployment.orElseThrow().sources()) {
            if (source.origin().ended()) {
                return true;
            }
        }
        return false;
    }

    private void finish() {
        if (!finishing) {
            finishing = true;
            // who has stopped the run in this moment is heard before
            deployment.orElseThrow().stand().onComplete(still -> loop.execute(this::settle));
        }
    }

    private void settle() {
        boolean good = deployed && !failed && !draining;
        durability
                .orElseThrow()
                .end(good, cancelled, () -> 0)
                .onComplete(done -> loop.execute(() -> exit(good ? End.DONE : deployed ? End.STOPPED : End.REFUSED)));
    }

    /** Of each source and queue, records that were admitted more often than they were settled, or the other way round. */
    String unsettled() {
        StringBuilder text = new StringBuilder();
        deployment.ifPresent(parts -> parts.origins().forEach((name, origin) -> {
            if (!origin.isIdle()) {
                text.append(name).append(' ');
            }
        }));
        return text.toString();
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
        if (!deployed || halted || finishing) {
            return;
        }
        halted = true;
        deployment.orElseThrow().haltInput();
        loop.after(setting.drain(), this::abortNow);
        nudge();
    }

    private void abortNow() {
        if (deployed && !finishing) {
            deployment.orElseThrow().tellAll(StageInstance::abort);
        }
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
        if (deployed
                && !looking
                && (anySourceEnded() || deployment.orElseThrow().hasGrown() || isStalled())) {
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
