package io.millrace.engine;

import io.millrace.engine.durable.Dealing;
import io.millrace.engine.durable.Durability;
import io.millrace.engine.durable.Standby;
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
import io.millrace.spi.Failure;
import io.millrace.spi.Sink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticles and sinks of a run: opened in order, told what to do, taken down. */
final class Deployment implements Standby.Host {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");

    private final Vertx vertx;
    private final RunScope run;
    private final Flow flow;
    private final Wiring wiring;
    private final RunControl control;
    private final Optional<Custody> custody;
    private final Map<String, SourceVerticle> sources = new LinkedHashMap<>();
    private final Map<String, QueueVerticle> queues = new LinkedHashMap<>();
    private final Map<String, Sink> sinks = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, List<StageVerticle>> stages = new ConcurrentHashMap<>();
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final Supply supply;
    private final Set<Unit> here = ConcurrentHashMap.newKeySet();
    private final Loop loop;
    private Optional<Standby> standby = Optional.empty();
    private boolean halted;
    private volatile boolean grown;

    /** @param loop of the run */
    Deployment(
            Vertx vertx,
            RunScope run,
            Flow flow,
            Wiring wiring,
            RunControl control,
            Optional<Custody> custody,
            Loop loop) {
        this.vertx = vertx;
        this.run = run;
        this.flow = flow;
        this.wiring = wiring;
        this.control = control;
        this.custody = custody;
        this.supply = new Supply(flow, wiring.topology(), new Feeds());
        this.loop = loop;
    }

    /** Builds all sources, opens those that start at once, opens the sinks, deploys the instances. */
    Future<Void> open(Tally tally) {
        return deploySources(tally)
                .compose(ready -> first())
                .compose(mine -> open(mine))
                .compose(ready -> durability()
                        .map(durable -> deployQueues(durable, tally))
                        .orElse(Future.succeededFuture()));
    }

    /** The units that this process runs from the beginning. */
    private Future<Set<Unit>> first() {
        standby = durability().map(durable -> new Standby(durable, wiring.topology(), loop, this));
        return standby.map(waits -> waits.first(supply.units()))
                .orElse(Future.succeededFuture(Set.copyOf(supply.units())));
    }

    private Future<Void> open(Set<Unit> mine) {
        Set<String> from = new HashSet<>();
        Set<String> of = new HashSet<>();
        mine.forEach(unit -> {
            from.addAll(unit.sources());
            of.addAll(unit.stages());
        });
        return openSources(from)
                .compose(ready -> look(from))
                .compose(ready -> openSinks(of))
                .compose(ready -> durability().map(Durability::begin).orElse(Future.succeededFuture()))
                .compose(ready -> deployStages(of))
                .onSuccess(ready -> here.addAll(mine)); // not before: its sources begin as soon as anybody looks
    }

    @Override
    public Future<Void> takeOver(Unit unit) {
        return open(Set.of(unit)).compose(ready -> {
            Promise<Void> begun = Promise.promise();
            loop.execute(() -> {
                if (!halted) {
                    beginQueues(unit);
                }
                grown = true;
                control.nudge();
                begun.complete();
            });
            return begun.future();
        });
    }

    /** Whether units were taken over that nobody has seen yet. */
    boolean hasGrown() {
        return grown;
    }

    void seen() {
        grown = false;
    }

    @Override
    public void done(Unit unit) {
        unit.sources()
                .forEach(stage -> Objects.requireNonNull(sources.get(stage)).halt());
        unit.stages().forEach(stage -> Objects.requireNonNull(queues.get(stage)).halt());
        durability().ifPresent(durable -> durable.over(unit.stages()));
        control.nudge();
    }

    @Override
    public void broken(String why) {
        control.stop(why);
    }

    /** Whether this process runs the unit of the source. */
    boolean isHere(SourceVerticle source) {
        return here.stream()
                .anyMatch(unit -> unit.sources().contains(source.stage().name()));
    }

    /** Takes nothing over any more; completes when nothing is being taken over. */
    Future<Void> stand() {
        return standby.map(Standby::stop).orElse(Future.succeededFuture());
    }

    private Future<Void> deployQueues(Durability durable, Tally tally) {
        Map<String, Origin> origins = new LinkedHashMap<>();
        sources.forEach((stage, source) -> origins.put(stage, source.origin()));
        durable.watch(
                wiring.topology()::upstream,
                durable.isShared() ? supply::feeders : stage -> Set.of(),
                origins,
                wiring::dropped,
                control::nudge);
        Future<Void> all = Future.succeededFuture();
        for (Stage stage : flow.stages().values()) {
            Origin origin = new Origin(stage.name(), tally, control::nudge);
            Dealing dealing = durable.dealing(stage, supply);
            QueueVerticle verticle = new QueueVerticle(run, stage, origin, dealing, durable, control);
            queues.put(stage.name(), verticle);
            all = all.compose(ready -> deploy(verticle));
        }
        return all;
    }

    /** Lets queues be worked off that lie in the store. */
    void beginQueues() {
        if (!halted && !queues.isEmpty()) {
            here.forEach(this::beginQueues);
            standby.ifPresent(Standby::begin);
        }
    }

    private void beginQueues(Unit unit) {
        unit.stages().forEach(stage -> Objects.requireNonNull(queues.get(stage)).begin(wiring));
    }

    /** Reads no source and claims no row any more. */
    void haltInput() {
        halted = true;
        sources.values().forEach(SourceVerticle::halt);
        queues.values().forEach(QueueVerticle::halt);
    }

    private Optional<Durability> durability() {
        return custody.flatMap(Custody::durability);
    }

    private Future<Void> look(Set<String> which) {
        List<SourceVerticle> open = sources.values().stream()
                .filter(source -> source.stage().after().isEmpty()
                        && which.contains(source.stage().name()))
                .toList();
        return custody.map(keeps -> keeps.look(open)).orElse(Future.succeededFuture());
    }

    private Future<Void> deploySources(Tally tally) {
        Future<Void> all = Future.succeededFuture();
        for (Stage stage : flow.stages().values()) {
            if (stage.source().isPresent()) {
                Origin origin = new Origin(stage.name(), tally, control::nudge);
                SourceVerticle verticle =
                        new SourceVerticle(run, stage, stage.source().get(), origin, control, durability());
                sources.put(stage.name(), verticle);
                all = all.compose(ready -> deploy(verticle));
            }
        }
        return all;
    }

    private Future<Void> deploy(VerticleBase verticle) {
        return vertx.deployVerticle(verticle).map(id -> {
            ids.add(id);
            return null;
        });
    }

    private Future<Void> openSources(Set<String> which) {
        Future<Void> all = Future.succeededFuture();
        for (SourceVerticle source : sources.values()) {
            if (source.stage().after().isEmpty()
                    && which.contains(source.stage().name())) {
                all = all.compose(ready -> open(source));
            }
        }
        return all;
    }

    /** Opens a source; its failure names the stage. */
    Future<Void> open(SourceVerticle source) {
        return source.open().recover(thrown -> Future.failedFuture(named("source", source.stage(), thrown)));
    }

    private Future<Void> openSinks(Set<String> which) {
        Future<Void> all = Future.succeededFuture();
        for (Stage stage : flow.stages().values()) {
            if (stage.sink().isPresent() && which.contains(stage.name())) {
                all = all.compose(ready -> openSink(stage, stage.sink().get()));
            }
        }
        return all;
    }

    private Future<Void> openSink(Stage stage, Stage.SinkDef definition) {
        Sink sink = definition
                .type()
                .build(definition.settings(), RunAssembly.forConnector(run, stage.name(), endless(stage.name())));
        OnError decision = stage.modifiers().onError().orElse(flow.onError());
        return durability()
                .map(durable -> durable.sink(stage, sink, decision))
                .orElseGet(sink::open)
                .onSuccess(ready -> sinks.put(stage.name(), sink))
                .recover(thrown -> Future.failedFuture(named("sink", stage, thrown)));
    }

    private static RuntimeException named(String part, Stage stage, Throwable thrown) {
        Failure failure = Failure.from(thrown);
        return new IllegalStateException(part + " of stage \"" + stage.name() + "\": " + failure.message(), thrown);
    }

    private boolean endless(String stage) {
        return wiring.topology().upstream(stage).stream()
                .anyMatch(source -> sources.containsKey(source)
                        && Objects.requireNonNull(sources.get(source)).endless());
    }

    private Future<Void> deployStages(Set<String> which) {
        Future<Void> all = Future.succeededFuture();
        for (Stage stage : flow.stages().values()) {
            if (!which.contains(stage.name())) {
                continue;
            }
            List<StageVerticle> instances = new ArrayList<>();
            for (int i = 0; i < stage.instances(); i++) {
                StageVerticle verticle = new StageVerticle(
                        run,
                        flow,
                        stage,
                        i,
                        wiring,
                        Optional.ofNullable(sinks.get(stage.name())),
                        durability().flatMap(durable -> durable.vault(stage.name())),
                        endless(stage.name()),
                        control);
                instances.add(verticle);
                all = all.compose(ready -> deploy(verticle));
            }
            stages.put(stage.name(), instances);
        }
        return all;
    }

    List<SourceVerticle> sources() {
        return List.copyOf(sources.values());
    }

    List<StageVerticle> instances(String stage) {
        return stages.getOrDefault(stage, List.of());
    }

    /** Rows of a stage that its sink refused when they were committed. */
    long refused(String stage) {
        return durability().map(durable -> durable.refused(stage)).orElse(0L);
    }

    /** See {@link Durability#stored}. */
    long stored(String stage) {
        return durability().map(durable -> durable.stored(stage)).orElse(0L);
    }

    /** Whether sources wait for what rests in groups. */
    boolean isStalled() {
        return durability().map(Durability::isStalled).orElse(false);
    }

    /** Whether every source from which items reach the stage has ended, and the queues on the way have nothing to offer. */
    boolean inputEnded(String stage) {
        return supply.isInputEnded(
                stage, durability().filter(Durability::isShared).map(shared -> shared::isSupplied));
    }

    /** Whether nothing waits to be kept, from where it might go on. */
    boolean isAtRest() {
        return durability().map(Durability::isAtRest).orElse(true);
    }

    /** Whether all that could reach the stage is settled. */
    boolean settled(String stage) {
        return supply.isSettled(stage);
    }

    private final class Feeds implements Supply.Feeds {
        @Override
        public Optional<Origin> source(String stage) {
            return Optional.ofNullable(sources.get(stage)).map(SourceVerticle::origin);
        }

        @Override
        public Optional<Origin> queue(String stage) {
            return Optional.ofNullable(queues.get(stage)).map(QueueVerticle::origin);
        }

        @Override
        public boolean isDry(String stage) {
            return Objects.requireNonNull(queues.get(stage)).isDry();
        }
    }

    void tellAll(Consumer<StageInstance> task) {
        stages.values().forEach(instances -> instances.forEach(instance -> instance.tell(task)));
    }

    /** Cancels the item of that id wherever it runs; tells how many of its branches did. */
    Future<Integer> cancelItem(String id) {
        List<Future<Integer>> counts = stages.values().stream()
                .flatMap(List::stream)
                .map(instance -> instance.ask(own -> own.cancel(id)))
                .toList();
        return Future.all(counts)
                .map(all -> counts.stream().mapToInt(Future::result).sum());
    }

    /** Closes the sink of a stage, if it has one that is open; one that is part of commits stays open until the last. */
    Future<Void> endSink(String stage, boolean complete) {
        boolean held = durability().flatMap(durable -> durable.vault(stage)).isPresent();
        return held ? Future.succeededFuture() : closeSink(stage, complete);
    }

    private Future<Void> closeSink(String stage, boolean complete) {
        @Nullable Sink sink = sinks.remove(stage);
        return sink == null ? Future.succeededFuture() : sink.close(complete);
    }

    /** Takes everything down. */
    Future<Void> close() {
        Future<Void> all = Future.succeededFuture();
        for (String stage : List.copyOf(sinks.keySet())) {
            all = all.compose(ready -> closeSink(stage, false)).recover(Deployment::logged);
        }
        // Backwards: what was deployed on the context of another verticle is its child, and goes with it.
        for (int i = ids.size() - 1; i >= 0; i--) {
            String id = ids.get(i);
            all = all.compose(ready -> vertx.undeploy(id)).recover(Deployment::logged);
        }
        return all;
    }

    /** What does not close in good order must not keep the rest open, nor go unseen. */
    private static Future<Void> logged(Throwable thrown) {
        LOG.warn("a part of the run did not close: {}", thrown.getMessage());
        return Future.succeededFuture();
    }
}
