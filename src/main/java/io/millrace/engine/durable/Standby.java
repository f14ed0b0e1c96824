package io.millrace.engine.durable;

import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Topology;
import io.millrace.engine.stage.Unit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The units of a shared run that other processes have: takes one over when its process has left, and learns when it is done. On the run's loop.
 */
public final class Standby {
    /** What is to be done about units. */
    public interface Host {
        /** This process runs it from now on. */
        Future<Void> takeOver(Unit unit);

        /** Nothing is left of it to do. */
        void done(Unit unit);

        /** The run cannot go on here. */
        void broken(String why);
    }

    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Durability durability;
    private final Topology topology;
    private final Loop loop;
    private final Host host;
    private final List<Unit> waiting = new ArrayList<>();
    private final Set<Unit> over = new HashSet<>();
    private Future<Void> under = Future.succeededFuture();
    private Loop.@Nullable Timer timer;
    private boolean stopped;

    public Standby(Durability durability, Topology topology, Loop loop, Host host) {
        this.durability = durability;
        this.topology = topology;
        this.loop = loop;
        this.host = host;
    }

    /** Takes what is free; yields the units that this process runs from the beginning. */
    public Future<Set<Unit>> first(List<Unit> units) {
        if (!durability.isShared()) {
            return Future.succeededFuture(new LinkedHashSet<>(units));
        }
        return durability.take(units).compose(mine -> sift(units, mine));
    }

    /** What is done need not be opened; what lies elsewhere cannot be. */
    private Future<Set<Unit>> sift(List<Unit> units, Set<Unit> mine) {
        Set<Unit> here = new HashSet<>();
        Future<Void> all = Future.succeededFuture();
        for (Unit unit : units) {
            if (!unit.alone()) {
                here.add(unit);
            } else if (!mine.contains(unit)) {
                waiting.add(unit);
            } else {
                all = all.compose(done -> standing(unit)).compose(standing -> {
                    if (standing instanceof Standing.Away away) {
                        return Future.failedFuture(new IllegalStateException(lost(unit, away)));
                    }
                    (standing instanceof Standing.Done ? over : here).add(unit);
                    return Future.succeededFuture();
                });
            }
        }
        return all.map(here);
    }

    /** Begins to look after the others. */
    public void begin() {
        over.forEach(host::done);
        if (!waiting.isEmpty()) {
            LOG.info(
                    "{} {} elsewhere",
                    String.join(" and ", waiting.stream().map(Unit::toString).toList()),
                    waiting.size() == 1 ? "runs" : "run");
            later();
        }
    }

    /** Looks no more; completes when nothing is being taken over. */
    public Future<Void> stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
        return under.otherwiseEmpty();
    }

    private void later() {
        if (!stopped && !waiting.isEmpty()) {
            timer = loop.after(EVERY, this::look);
        }
    }

    private void look() {
        Future<Void> all = Future.succeededFuture();
        for (Unit unit : List.copyOf(waiting)) {
            all = all.compose(done -> look(unit));
        }
        under = all;
        all.onComplete(done -> loop.execute(this::later));
    }

    private Future<Void> look(Unit unit) {
        return stopped
                ? Future.succeededFuture()
                : standing(unit)
                        .compose(
                                standing -> here(() -> decide(unit, standing)),
                                thrown -> here(() -> {
                                    stopped = true;
                                    durability.failed(thrown);
                                    return Future.succeededFuture();
                                }));
    }

    private Future<Void> decide(Unit unit, Standing standing) {
        if (standing instanceof Standing.Done) {
            waiting.remove(unit);
            host.done(unit);
            return Future.succeededFuture();
        }
        if (standing instanceof Standing.Away away) {
            if (!away.awaited()) {
                stopped = true;
                host.broken(lost(unit, away));
            }
            return Future.succeededFuture();
        }
        return durability
                .take(List.of(unit))
                .compose(mine -> here(() -> mine.isEmpty() ? Future.succeededFuture() : won(unit)));
    }

    private Future<Void> won(Unit unit) {
        return standing(unit)
                .compose(standing -> here(() -> {
                    if (stopped || !waiting.remove(unit)) {
                        return Future.succeededFuture();
                    }
                    if (standing instanceof Standing.Done) {
                        host.done(unit);
                        return Future.succeededFuture();
                    }
                    LOG.info("{} goes on here", unit);
                    return host.takeOver(unit)
                            .recover(thrown -> here(() -> {
                                host.broken(String.valueOf(thrown.getMessage()));
                                return Future.succeededFuture();
                            }));
                }));
    }

    private <T> Future<T> here(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.execute(() -> work.get().onComplete(done));
        return done.future();
    }

    private Future<Standing> standing(Unit unit) {
        Set<String> upstream = new HashSet<>();
        unit.stages().forEach(stage -> upstream.addAll(topology.upstream(stage)));
        Set<String> sources = new HashSet<>(unit.sources());
        upstream.stream().filter(topology::hasSource).forEach(sources::add);
        return durability.standing(unit, upstream, sources);
    }

    private static String lost(Unit unit, Standing.Away away) {
        return unit + " has written to " + away.path() + " on " + away.host()
                + ", where no process runs this flow any more. Start it there, or begin anew with --fresh.";
    }
}
