package io.millrace.engine;

import io.millrace.engine.item.Tally;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.StageInstance;
import io.millrace.flow.Flow;
import io.millrace.flow.Stage;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * When the stages of a run begin and end. A stage has ended when every source from which items reach it has ended and every root of
 * theirs is settled: then its sink is closed, and sources that wait {@code after} it begin. The run has ended when all stages have.
 *
 * <p>On the run's loop, but for {@link #nudge}.
 */
final class StageCourse {
    /** What the run is asked and told. */
    interface Host {
        /** Whether no source is to begin any more. */
        boolean draining();

        /** Whether sinks are closed for good, files finished. */
        boolean isGood();

        /** A part of the run has failed: it cannot go on. */
        void broken(String why);

        /** Every stage has ended. */
        void ended();
    }

    private final Flow flow;
    private final Wiring wiring;
    private final Deployment deployment;
    private final Loop loop;
    private final Tally tally;
    private final Host host;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Set<String> begun = new HashSet<>();
    private final Set<String> closing = new HashSet<>();
    private final Set<String> closed = new HashSet<>();
    private volatile boolean over;

    StageCourse(Flow flow, Wiring wiring, Deployment deployment, Loop loop, Tally tally, Host host) {
        this.flow = flow;
        this.wiring = wiring;
        this.deployment = deployment;
        this.loop = loop;
        this.tally = tally;
        this.host = host;
    }

    /** Something has come to rest. Any thread. */
    void nudge() {
        if (!over
                && (anySourceEnded() || deployment.hasGrown() || deployment.isStalled())
                && !looking.get()
                && looking.compareAndSet(false, true)) {
            loop.execute(this::look);
        }
    }

    /** Begins what may begin, closes what has ended, lets groups go that nothing more can join. */
    void look() {
        looking.set(false);
        if (over) {
            return;
        }
        deployment.seen();
        for (SourceVerticle source : deployment.sources()) {
            if (mayBegin(source) && begun.add(source.stage().name())) {
                begin(source);
            }
        }
        for (Stage stage : flow.stages().values()) {
            if (deployment.settled(stage.name()) && closing.add(stage.name())) {
                close(stage.name());
            }
        }
        long begun = tally.begun();
        if (tally.isQuiet() && deployment.isAtRest()) {
            flushGroups(begun);
        }
        if (anySourceEnded()) {
            hurry();
        }
        if (closed.containsAll(flow.stages().keySet())) {
            host.ended();
        }
    }

    /** Looks no more. */
    void end() {
        over = true;
    }

    private boolean mayBegin(SourceVerticle source) {
        return !host.draining()
                && deployment.isHere(source)
                && closed.containsAll(source.stage().after());
    }

    private void begin(SourceVerticle source) {
        Future<Void> open = source.stage().after().isEmpty() ? Future.succeededFuture() : deployment.open(source);
        open.onComplete(done -> loop.execute(() -> {
            if (done.failed()) {
                source.halt();
                host.broken(String.valueOf(done.cause().getMessage()));
            } else if (host.draining()) {
                source.halt();
            } else {
                source.begin(wiring);
            }
        }));
    }

    private void close(String stage) {
        deployment
                .endSink(stage, host.isGood())
                .onComplete(done -> loop.execute(() -> {
                    if (done.failed()) {
                        host.broken("sink of stage \"" + stage + "\" did not close: "
                                + done.cause().getMessage());
                    }
                    closed.add(stage);
                    look();
                }));
    }

    /** @param begun branches, before it was looked whether all is quiet */
    private void flushGroups(long begun) {
        for (Stage stage : wiring.topology().inOrder()) {
            boolean holding = deployment.instances(stage.name()).stream().anyMatch(StageVerticle::holdsGroups);
            boolean ended = holding && deployment.inputEnded(stage.name()) && tally.begun() == begun;
            if (ended || (holding && deployment.isStalled())) {
                deployment.instances(stage.name()).forEach(instance -> instance.tell(StageInstance::flushGroups));
                return;
            }
        }
    }

    private void hurry() {
        for (Stage stage : flow.stages().values()) {
            if (!closing.contains(stage.name()) && deployment.inputEnded(stage.name())) {
                deployment.instances(stage.name()).forEach(instance -> instance.tell(StageInstance::hurry));
            }
        }
    }

    private boolean anySourceEnded() {
        return deployment.sources().stream().anyMatch(source -> source.origin().ended());
    }
}
