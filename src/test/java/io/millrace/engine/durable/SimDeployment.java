package io.millrace.engine.durable;

import io.millrace.engine.durable.SimFeed.Input;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Tally;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.StageInstance;
import io.millrace.engine.stage.Supply;
import io.millrace.engine.stage.Unit;
import io.millrace.flow.Flow;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.spi.Sink;
import io.millrace.testkit.sim.SimStages;
import io.millrace.testkit.sim.SimWorld;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sources, queues, sinks and stages of one process: opened in the order of the real ones, taken over when their process has left. */
final class SimDeployment implements Standby.Host, Supply.Feeds {
    final SimStages stages;
    final Supply supply;
    private final SimWorld.Machine machine;
    private final Flow flow;
    private final RunControl control;
    private final Durability durability;
    private final Loop loop;
    private final Function<Stage, Sink> makeSink;
    private final BiFunction<Stage, Loop, TableSource> makeSource;
    private final Map<String, SimFeed> sources = new LinkedHashMap<>();
    private final Map<String, SimFeed> queues = new LinkedHashMap<>();
    private final Map<String, Durability.Feed> opened = new LinkedHashMap<>();
    private final Map<String, Sink> sinks = new LinkedHashMap<>();
    private final Set<Unit> here = new HashSet<>();
    private final Standby standby;
    private boolean halted;
    private boolean grown;

    SimDeployment(
            SimWorld.Machine machine,
            Flow flow,
            RunControl control,
            Durability durability,
            Loop loop,
            Function<Stage, Sink> makeSink,
            BiFunction<Stage, Loop, TableSource> makeSource) {
        this.machine = machine;
        this.flow = flow;
        this.control = control;
        this.durability = durability;
        this.loop = loop;
        this.makeSink = makeSink;
        this.makeSource = makeSource;
        this.stages = new SimStages(machine, flow, control).brakes(durability::brake);
        this.supply = new Supply(flow, stages.topology, this);
        this.standby = new Standby(durability, stages.topology, loop, this);
    }

    Future<Void> open(Tally tally) {
        for (Stage stage : flow.stages().values()) {
            if (stage.source().isPresent()) {
                sources.put(stage.name(), feed(stage, tally));
            }
        }
        return standby.first(supply.units()).compose(this::open).onSuccess(open -> deployQueues(tally));
    }

    private SimFeed feed(Stage stage, Tally tally) {
        return new SimFeed(stage, new Origin(stage.name(), tally, control::nudge), machine.loop());
    }

    private Future<Void> open(Set<Unit> mine) {
        Set<String> of = new HashSet<>();
        mine.forEach(unit -> of.addAll(unit.stages()));
        return openSources(mine)
                .compose(open -> openSinks(of))
                .compose(open -> durability.begin())
                .compose(open -> stages.deploy(
                        of,
                        stage -> Optional.ofNullable(sinks.get(stage.name())),
                        stage -> durability.vault(stage.name())))
                .onSuccess(open -> here.addAll(mine));
    }

    private Future<Void> openSources(Set<Unit> mine) {
        Future<Void> all = Future.succeededFuture();
        for (SimFeed source : sources.values()) {
            if (mine.stream().anyMatch(unit -> unit.sources().contains(name(source)))) {
                all = all.compose(open -> on(source.loop(), () -> openSource(source)));
            }
        }
        return all;
    }

    private Future<Void> openSource(SimFeed source) {
        TableSource table = makeSource.apply(source.stage(), source.loop());
        return durability
                .source(source.stage(), source.origin(), table, source.loop())
                .map(feed -> {
                    opened.put(name(source), feed);
                    return null;
                });
    }

    private static String name(SimFeed feed) {
        return feed.stage().name();
    }

    private Future<Void> openSinks(Set<String> which) {
        Future<Void> all = Future.succeededFuture();
        for (Stage stage : flow.stages().values()) {
            if (stage.sink().isPresent() && which.contains(stage.name())) {
                Sink sink = makeSink.apply(stage);
                OnError decision = stage.modifiers().onError().orElse(flow.onError());
                all = all.compose(open -> on(loop, () -> durability.sink(stage, sink, decision)))
                        .onSuccess(open -> sinks.put(stage.name(), sink));
            }
        }
        return all;
    }

    private static <T> Future<T> on(Loop loop, Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.execute(() -> work.get().onComplete(done));
        return done.future();
    }

    private void deployQueues(Tally tally) {
        Map<String, Origin> origins = new LinkedHashMap<>();
        sources.forEach((stage, source) -> origins.put(stage, source.origin()));
        durability.watch(
                stages.topology::upstream,
                durability.isShared() ? supply::feeders : stage -> Set.of(),
                origins,
                (stage, dropped) -> {},
                control::nudge);
        flow.stages().values().forEach(stage -> queues.put(stage.name(), feed(stage, tally)));
    }

    /** Lets queues be worked off, and looks after the units of others. */
    void beginQueues() {
        if (!halted) {
            here.forEach(this::beginQueues);
            standby.begin();
        }
    }

    private void beginQueues(Unit unit) {
        unit.stages().forEach(stage -> {
            SimFeed queue = queue(stage, queues);
            queue.begin(stages, () -> {
                Dealing dealing = durability.dealing(queue.stage(), supply);
                QueueSource rows = durability.queue(queue.origin(), dealing, queue.loop(), queue::halt);
                return new Input(rows, rows);
            });
        });
    }

    private static SimFeed queue(String stage, Map<String, SimFeed> among) {
        return Objects.requireNonNull(among.get(stage));
    }

    /** Begins to read the sources that are here. */
    void beginSource(SimFeed source) {
        Durability.Feed feed = Objects.requireNonNull(opened.get(name(source)));
        source.begin(stages, () -> new Input(feed.source(), feed.admission()));
    }

    boolean isHere(SimFeed source) {
        return here.stream().anyMatch(unit -> unit.sources().contains(name(source)));
    }

    Iterable<SimFeed> sources() {
        return sources.values();
    }

    /** Those of sources and queues. */
    Map<String, Origin> origins() {
        Map<String, Origin> all = new LinkedHashMap<>();
        sources.forEach((stage, source) -> all.put("source " + stage, source.origin()));
        queues.forEach((stage, queue) -> all.put("queue " + stage, queue.origin()));
        return all;
    }

    @Override
    public Future<Void> takeOver(Unit unit) {
        return open(Set.of(unit))
                .compose(ready -> on(loop, () -> {
                    if (!halted) {
                        beginQueues(unit);
                    }
                    grown = true;
                    control.nudge();
                    return Future.succeededFuture();
                }));
    }

    @Override
    public void done(Unit unit) {
        unit.sources().forEach(stage -> queue(stage, sources).halt());
        unit.stages().forEach(stage -> queue(stage, queues).halt());
        durability.over(unit.stages());
        control.nudge();
    }

    @Override
    public void broken(String why) {
        control.stop(why);
    }

    boolean hasGrown() {
        return grown;
    }

    void seen() {
        grown = false;
    }

    Future<Void> stand() {
        return standby.stop();
    }

    void haltInput() {
        halted = true;
        sources.values().forEach(SimFeed::halt);
        queues.values().forEach(SimFeed::halt);
    }

    boolean inputEnded(String stage) {
        return supply.isInputEnded(
                stage, durability.isShared() ? Optional.of(durability::isSupplied) : Optional.empty());
    }

    void tellAll(java.util.function.Consumer<StageInstance> task) {
        stages.tellAll(task);
    }

    @Override
    public Optional<Origin> source(String stage) {
        return Optional.ofNullable(sources.get(stage)).map(SimFeed::origin);
    }

    @Override
    public Optional<Origin> queue(String stage) {
        return Optional.ofNullable(queues.get(stage)).map(SimFeed::origin);
    }

    @Override
    public boolean isDry(String stage) {
        return queue(stage, queues).isDry();
    }
}
