package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.RunResult.Outcome;
import io.millrace.engine.item.Tally;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.StageInstance;
import io.millrace.engine.stage.Topology;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.Flow;
import io.millrace.flow.FlowException;
import io.millrace.flow.Stage;
import io.millrace.spi.Failure;
import io.millrace.spi.Quantities;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a flow, from opening its resources to closing them. Its own state changes on one loop; {@link RunControl} may be called
 * from any.
 *
 * <p>A stage has ended when every source from which items reach it has ended and every root of theirs is settled: then its sink is
 * closed, and sources that wait {@code after} it begin. The run has ended when all stages have.
 */
final class FlowRun implements Run, RunControl {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");

    /** How long the end of a run waits for blocking calls whose items were cancelled. */
    private static final Duration LEAVE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final CheckedFlow checked;
    private final RunOptions options;
    private final Loop loop;
    private final RunScope scope;
    private final Resources resources;
    private final Account account;
    private final Promise<RunResult> ended = Promise.promise();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final Set<String> closing = new HashSet<>();
    private final Set<String> closed = new HashSet<>();
    private final Set<String> begun = new LinkedHashSet<>();
    private final Snapshots snapshots;
    private volatile Outcome outcome = Outcome.DONE;
    private volatile String reason = "";
    private volatile boolean draining;
    private volatile boolean quitting;
    private volatile boolean running;
    private final List<Loop.Timer> timers = new ArrayList<>();
    private boolean finishing;
    private Tally tally = Tally.NONE;
    private @Nullable Flow flow;
    private @Nullable Deployment deployment;

    FlowRun(Vertx vertx, CheckedFlow checked, RunOptions options, RunScope scope, ObjectNode shown, Account account) {
        this.vertx = vertx;
        this.checked = checked;
        this.options = options;
        this.scope = scope;
        this.loop = new VertxLoop(vertx.getOrCreateContext());
        this.resources = new Resources(checked, scope, shown);
        this.account = account;
        this.snapshots =
                new Snapshots(checked.name(), account, stage -> scope.workers().leftBehind(stage));
        loop.execute(() -> start(shown));
    }

    private void start(ObjectNode shown) {
        resources
                .open()
                .compose(open -> deploy(shown))
                .onComplete(done -> loop.execute(() -> {
                    if (done.failed()) {
                        fail(describe(done.cause()));
                        finish();
                    } else {
                        begin();
                    }
                }));
    }

    private static String describe(Throwable thrown) {
        if (!(thrown instanceof FlowException) && !(thrown instanceof IllegalStateException)) {
            LOG.debug("the run did not start", thrown);
        }
        return String.valueOf(thrown.getMessage());
    }

    private Future<Void> deploy(ObjectNode shown) {
        Flow read = checked.flow(shown);
        Flow of = options.replay().map(replay -> replay.applyTo(read)).orElse(read);
        flow = of;
        account.limits(of.limits(), (int) of.stages().values().stream()
                .filter(stage -> stage.source().isPresent())
                .count());
        scope.workers(new WorkerPools(vertx, "millrace-" + of.name(), of.workers()));
        Wiring wiring = new Wiring(of, new Topology(of), new VertxWire(vertx));
        tally = Topology.collects(of) ? Tally.counting() : Tally.NONE;
        Deployment made = new Deployment(vertx, scope, of, wiring, this);
        deployment = made;
        return made.open(tally).onSuccess(ready -> snapshots.running(of, made, wiring));
    }

    private void begin() {
        running = true;
        flow().limits().time().ifPresent(time -> timers.add(loop.after(time, () -> expired(time))));
        look();
        if (draining) {
            drainNow();
        }
    }

    private void expired(Duration limit) {
        stop("it ran longer than limits.time, " + Quantities.inWords(limit) + ".");
    }

    private Flow flow() {
        return Objects.requireNonNull(flow);
    }

    private Deployment deployment() {
        return Objects.requireNonNull(deployment);
    }

    /** Begins what may begin, closes what has ended, lets groups go that nothing more can join. */
    private void look() {
        looking.set(false);
        if (!running || finishing) {
            return;
        }
        for (SourceVerticle source : deployment().sources()) {
            if (!draining
                    && closed.containsAll(source.stage().after())
                    && begun.add(source.stage().name())) {
                begin(source);
            }
        }
        for (Stage stage : flow().stages().values()) {
            if (deployment().settled(stage.name()) && closing.add(stage.name())) {
                close(stage.name());
            }
        }
        if (tally.isQuiet()) {
            flushGroups();
        }
        if (inputEnded()) {
            hurry();
        }
        if (closed.containsAll(flow().stages().keySet())) {
            finish();
        }
    }

    private void begin(SourceVerticle source) {
        Future<Void> open = source.stage().after().isEmpty()
                ? Future.succeededFuture()
                : deployment().open(source);
        open.onComplete(done -> loop.execute(() -> {
            if (done.failed()) {
                source.halt();
                stop(String.valueOf(done.cause().getMessage()));
            } else if (draining) {
                source.halt();
            } else {
                source.begin(snapshots.wiring());
            }
        }));
    }

    private void close(String stage) {
        deployment()
                .closeSink(stage, outcome == Outcome.DONE)
                .onComplete(done -> loop.execute(() -> {
                    if (done.failed()) {
                        fail("sink of stage \"" + stage + "\" did not close: "
                                + done.cause().getMessage());
                        drainNow();
                    }
                    closed.add(stage);
                    look();
                }));
    }

    private void flushGroups() {
        for (Stage stage : snapshots.wiring().topology().inOrder()) {
            boolean holding = deployment().instances(stage.name()).stream().anyMatch(StageVerticle::holdsGroups);
            if (holding && deployment().inputEnded(stage.name())) {
                deployment().instances(stage.name()).forEach(instance -> instance.tell(StageInstance::flushGroups));
                return;
            }
        }
    }

    private void hurry() {
        for (Stage stage : flow().stages().values()) {
            if (!closing.contains(stage.name()) && deployment().inputEnded(stage.name())) {
                deployment().instances(stage.name()).forEach(instance -> instance.tell(StageInstance::hurry));
            }
        }
    }

    @Override
    public void nudge() {
        if (running && inputEnded() && !looking.get() && looking.compareAndSet(false, true)) {
            loop.execute(this::look);
        }
    }

    private boolean inputEnded() {
        return deployment().sources().stream()
                .anyMatch(source -> source.origin().ended());
    }

    @Override
    public void drain(String why) {
        loop.execute(() -> {
            interrupted(why);
            drainNow();
        });
    }

    @Override
    public void cancel(String why) {
        loop.execute(() -> {
            interrupted(why);
            drainNow();
            cancelNow();
        });
    }

    @Override
    public Future<Integer> cancelItem(String id) {
        Promise<Integer> count = Promise.promise();
        loop.execute(() -> {
            if (running && !finishing) {
                deployment().cancelItem(id).onComplete(count);
            } else {
                count.complete(0);
            }
        });
        return count.future();
    }

    private void interrupted(String why) {
        if (outcome == Outcome.DONE && !finishing) {
            outcome = Outcome.INTERRUPTED;
            reason = why;
        }
    }

    private void cancelNow() {
        if (running && !finishing) {
            deployment().tellAll(StageInstance::abort);
        }
    }

    @Override
    public void stop(String why) {
        loop.execute(() -> {
            fail(why);
            drainNow();
        });
    }

    @Override
    public void abort(String why) {
        loop.execute(() -> {
            fail(why);
            drainNow();
            cancelNow();
        });
    }

    private void fail(String why) {
        if (outcome == Outcome.DONE && !finishing) {
            outcome = Outcome.FAILED;
            reason = why;
        }
    }

    @Override
    public void quit() {
        quitting = true;
        loop.execute(() -> {
            drainNow();
            cancelNow();
        });
    }

    private void drainNow() {
        boolean first = !draining;
        draining = true;
        if (!running || finishing || !first) {
            return;
        }
        deployment().sources().forEach(SourceVerticle::halt);
        Duration limit = options.drain();
        timers.add(loop.after(limit, this::cancelNow));
        nudge();
    }

    private void finish() {
        if (finishing) {
            return;
        }
        finishing = true;
        timers.forEach(Loop.Timer::cancel);
        account.atEnd().filter(why -> outcome == Outcome.DONE).ifPresent(why -> {
            outcome = Outcome.FAILED;
            reason = why;
        });
        scope.workers().quiet(LEAVE).onComplete(quiet -> loop.execute(this::takeDown));
    }

    private void takeDown() {
        scope.watch().close();
        RunSnapshot last = snapshots.take("ended");
        Future<Void> down = deployment == null ? Future.succeededFuture() : deployment.close();
        down.compose(done -> resources.close())
                .compose(done -> scope.workers().close())
                .onComplete(done ->
                        ended.complete(new RunResult(outcome, scope.redaction().of(reason), last)));
    }

    @Override
    public String id() {
        return account.runId();
    }

    @Override
    public Future<RunResult> result() {
        return ended.future();
    }

    @Override
    public RunSnapshot snapshot() {
        String state = finishing || ended.future().isComplete()
                ? "ended"
                : draining ? "draining" : running ? "running" : "starting";
        return snapshots.take(state);
    }

    @Override
    public Future<Void> deadLetter(String stage, JsonNode document, ObjectNode meta, Failure failure) {
        if (quitting) {
            return Future.succeededFuture();
        }
        return account.keep(stage, document, meta, failure).recover(thrown -> {
            if (refused.compareAndSet(false, true)) {
                stop("dead letters cannot be written to " + options.deadLetters() + ": " + thrown.getMessage()
                        + ". Free the disk or name another file with --dead.");
            }
            return Future.succeededFuture();
        });
    }

    @Override
    public void failed() {
        account.failed().ifPresent(this::stop);
    }

    @Override
    public boolean draining() {
        return draining;
    }

    @Override
    public int reserve(int wanted) {
        return account.reserve(wanted);
    }

    @Override
    public void read(int records, int unused) {
        account.read(records, unused);
    }

    /** An object for what resources show. */
    static ObjectNode shown() {
        return JsonNodeFactory.instance.objectNode();
    }
}
