package io.millrace.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.durable.Durability;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Tally;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.StageInstance;
import io.millrace.engine.stage.Topology;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.Flow;
import io.millrace.flow.FlowException;
import io.millrace.ledger.Saved;
import io.millrace.spi.Failure;
import io.millrace.spi.Quantities;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a flow, from opening its resources to closing them. Its own state changes on one loop; {@link RunControl} may be called
 * from any.
 */
final class FlowRun implements Run, RunControl, StageCourse.Host {
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
    private final Promise<RunResult> result = Promise.promise();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final Snapshots snapshots;
    private final Verdict verdict = new Verdict();
    private volatile boolean draining;
    private volatile boolean quitting;
    private volatile @Nullable StageCourse course;
    private final List<Loop.Timer> timers = new ArrayList<>();
    private final LetterBook book;
    private final Optional<Custody> custody;
    private @Nullable Saved before;
    private volatile boolean lost;
    private volatile boolean unreached;
    private boolean cancelled;
    private boolean halted;
    private boolean finishing;
    private @Nullable Deployment deployment;

    /**
     * @param ledgers where a durable run is kept
     * @param again the run that this process had before
     */
    FlowRun(
            Vertx vertx,
            CheckedFlow checked,
            RunOptions options,
            RunScope scope,
            ObjectNode shown,
            Account account,
            Ledgers ledgers,
            Optional<Long> again) {
        this.vertx = vertx;
        this.checked = checked;
        this.options = options;
        this.scope = scope;
        this.loop = new VertxLoop(vertx.getOrCreateContext());
        this.resources = new Resources(checked, scope, shown);
        this.account = account;
        this.book = new LetterBook(scope.redaction());
        boolean durable = checked.durable() && options.replay().isEmpty();
        this.custody = durable
                ? Optional.of(new Custody(vertx, checked, ledgers, this, book, again, options.acceptChanges()))
                : Optional.empty();
        this.snapshots = new Snapshots(
                checked.name(),
                account,
                stage -> scope.workers().leftBehind(stage),
                () -> custody.flatMap(Custody::kept));
        loop.execute(() -> start(shown, options.fresh() && again.isEmpty()));
    }

    private void start(ObjectNode shown, boolean fresh) {
        custody.map(keeps -> keeps.open(fresh))
                .orElse(Future.succeededFuture())
                .compose(kept -> openResources())
                .compose(open -> deploy(shown))
                .onComplete(done -> loop.execute(() -> {
                    if (done.succeeded()) {
                        begin(done.result());
                    } else {
                        notStarted(done.cause(), shown);
                    }
                }));
    }

    /** What is done once at the start, as making tables, is not done by two processes at a time. */
    private Future<Void> openResources() {
        return custody.map(keeps -> keeps.alone("resources", resources::open)).orElseGet(resources::open);
    }

    private void notStarted(Throwable thrown, ObjectNode shown) {
        if (thrown instanceof Custody.Outdated) {
            deployment()
                    .close()
                    .compose(down -> resources.close())
                    .onComplete(down -> loop.execute(() -> start(shown, true)));
            return;
        }
        if (thrown instanceof Custody.AlreadyDone done) {
            before = done.saved();
            book.before(done.saved().run().deadLetters());
        } else if (thrown instanceof Custody.Cancelled) {
            verdict.interrupted(describe(thrown));
        } else {
            lost = Durability.isLoss(thrown);
            unreached = custody.isPresent() && Unreached.isWhy(thrown);
            verdict.failed(describe(thrown));
        }
        ended();
    }

    private static String describe(Throwable thrown) {
        if (!(thrown instanceof FlowException) && !(thrown instanceof IllegalStateException)) {
            LOG.debug("the run did not start", thrown);
        }
        return String.valueOf(thrown.getMessage());
    }

    private Future<StageCourse> deploy(ObjectNode shown) {
        Flow read = checked.flow(shown);
        Flow of = options.replay().map(replay -> replay.applyTo(read)).orElse(read);
        custody.flatMap(Custody::durability).ifPresent(durable -> account.goesOn(book, durable.doneBefore()));
        custody.ifPresent(keeps -> keeps.bound(of));
        account.limits(of.limits(), (int) of.stages().values().stream()
                .filter(stage -> stage.source().isPresent())
                .count());
        scope.workers(new WorkerPools(vertx, "millrace-" + of.name(), of.workers()));
        Optional<Durability> durability = custody.flatMap(Custody::durability);
        scope.locks(durability.flatMap(Durability::locks));
        Wiring wiring = new Wiring(of, new Topology(of), new VertxWire(vertx), durability);
        Tally tally = Topology.collects(of) ? Tally.counting() : Tally.NONE;
        Deployment made = new Deployment(vertx, scope, of, wiring, this, custody, loop);
        deployment = made;
        return made.open(tally).map(ready -> {
            snapshots.running(of, made, wiring);
            of.limits().time().ifPresent(time -> timers.add(loop.after(time, () -> expired(time))));
            return new StageCourse(of, wiring, made, loop, tally, this);
        });
    }

    private void begin(StageCourse begun) {
        course = begun;
        custody.ifPresent(Custody::tellPromises);
        deployment().beginQueues();
        begun.look();
        if (draining) {
            drainNow();
        }
    }

    private void expired(Duration limit) {
        stop("it ran longer than limits.time, " + Quantities.inWords(limit) + ".");
    }

    private Deployment deployment() {
        return Objects.requireNonNull(deployment);
    }

    private boolean running() {
        return course != null && !finishing;
    }

    @Override
    public void nudge() {
        StageCourse of = course;
        if (of != null) {
            of.nudge();
        }
    }

    @Override
    public boolean isGood() {
        return verdict.isGood();
    }

    @Override
    public void broken(String why) {
        verdict.failed(why);
        drainNow();
    }

    @Override
    public void drain(String why) {
        loop.execute(() -> {
            if (!finishing) { // else all is done, and only to be written down
                verdict.interrupted(why);
                drainNow();
            }
        });
    }

    @Override
    public void cancel(String why) {
        loop.execute(() -> {
            cancelled = true;
            verdict.interrupted(why);
            drainNow();
            cancelNow();
        });
    }

    @Override
    public Future<Integer> cancelItem(String id) {
        Promise<Integer> count = Promise.promise();
        loop.execute(() -> {
            if (running()) {
                deployment().cancelItem(id).onComplete(count);
            } else {
                count.complete(0);
            }
        });
        return count.future();
    }

    private void cancelNow() {
        if (running()) {
            deployment().tellAll(StageInstance::abort);
        }
    }

    @Override
    public void stop(String why) {
        loop.execute(() -> broken(why));
    }

    @Override
    public void abort(String why) {
        loop.execute(() -> {
            broken(why);
            cancelNow();
        });
    }

    @Override
    public void lost(String why) {
        loop.execute(() -> {
            lost |= verdict.isGood();
            broken(why);
            cancelNow();
        });
    }

    /** Whether it did not begin, for something that it needs could not be reached. */
    boolean hasMissed() {
        return unreached;
    }

    /** The durable run that it has lost to others, and has ended for that; else empty. */
    Optional<Long> lost() {
        return lost ? custody.flatMap(Custody::durability).map(Durability::id) : Optional.empty();
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
        draining = true;
        if (!running() || halted) {
            return;
        }
        halted = true;
        deployment().haltInput();
        if (isPaused()) {
            cancelNow(); // what is held back would not come to its end
        }
        timers.add(loop.after(options.drain(), this::cancelNow));
        nudge();
    }

    @Override
    public void ended() {
        if (finishing) {
            return;
        }
        finishing = true;
        StageCourse of = course;
        if (of != null) {
            of.end();
        }
        timers.forEach(Loop.Timer::cancel);
        account.atEnd().ifPresent(verdict::failed);
        Future<Void> still = deployment == null ? Future.succeededFuture() : deployment.stand();
        still.eventually(() -> scope.workers().quiet(LEAVE)).onComplete(quiet -> loop.execute(this::settle));
    }

    /** The store has the last word, before anything is closed that it writes to. */
    private void settle() {
        boolean good = before == null && course != null && verdict.isGood() && !quitting && !draining;
        custody.map(keeps -> keeps.end(good, cancelled, this::exitCode))
                .orElse(Future.succeededFuture())
                .onComplete(done -> loop.execute(() -> {
                    if (done.failed()) {
                        verdict.failed(describe(done.cause()));
                    }
                    verdict.seal();
                    takeDown();
                }));
    }

    private int exitCode() {
        return new RunResult(verdict.outcome(), "", snapshots.take("ended"), Optional.empty()).exitCode();
    }

    private void takeDown() {
        scope.watch().close();
        RunSnapshot last = snapshots.take("ended");
        Future<Void> down = deployment == null ? Future.succeededFuture() : deployment.close();
        down.compose(done -> resources.close())
                .compose(done -> scope.workers().close())
                .onComplete(done -> result.complete(new RunResult(
                        verdict.outcome(),
                        scope.redaction().of(verdict.reason()),
                        last,
                        Optional.ofNullable(before).map(Saved::run))));
    }

    @Override
    public String id() {
        return account.runId();
    }

    @Override
    public Future<RunResult> result() {
        return result.future();
    }

    @Override
    public RunSnapshot snapshot() {
        String state = finishing || result.future().isComplete()
                ? "ended"
                : draining ? "draining" : course == null ? "starting" : isPaused() ? "paused" : "running";
        return snapshots.take(state);
    }

    /** Whether stages are held back since their items suddenly fail. */
    private boolean isPaused() {
        return custody.flatMap(Custody::durability)
                .filter(durable -> !durable.paused().isEmpty())
                .isPresent();
    }

    @Override
    public Future<Void> deadLetter(String stage, Item item, Failure failure) {
        if (quitting) {
            return Future.succeededFuture();
        }
        if (item.root().isDurable()) {
            custody.orElseThrow().letter(stage, item, failure);
            return Future.succeededFuture();
        }
        return account.keep(stage, item.document(), item.meta(stage), failure).recover(thrown -> {
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
