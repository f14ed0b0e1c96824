package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Origin;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Admission;
import io.millrace.engine.stage.Brake;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.Supply;
import io.millrace.engine.stage.Unit;
import io.millrace.engine.stage.Vault;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.ledger.Commit;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Permits;
import io.millrace.ledger.Progress;
import io.millrace.ledger.Progress.Pending;
import io.millrace.ledger.RunState;
import io.millrace.ledger.Saved;
import io.millrace.ledger.SharedLock;
import io.millrace.spi.Appending;
import io.millrace.spi.Failure;
import io.millrace.spi.FileState;
import io.millrace.spi.Holding;
import io.millrace.spi.Replayable;
import io.millrace.spi.RunLocks;
import io.millrace.spi.Sink;
import io.millrace.spi.Source;
import io.millrace.spi.Transactional;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable side of one run: where its sources go on, which of its sinks are written by commits, how it ends. Its parts are called in this order: {@link
 * #source} for each that is open, {@link #sink} for each, {@link #begin}; then the stages run; at last {@link #end}.
 */
public final class Durability {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");
    private static final int LEAST_ROWS = 64;
    private static final Duration LINGER = Duration.ofMillis(100);

    /** How a source is read in this run. */
    public record Feed(Source source, Admission admission) {}

    private final Books books;
    private boolean shared;
    private final boolean resumed;
    private final Loop loop;
    private final Gate gate;
    private final Committer committer;
    private final List<SinkVault> held = new ArrayList<>();
    private final List<SourceProgress> opened = new ArrayList<>();
    private volatile Map<String, SinkVault> vaults = Map.of();
    private volatile Saved saved;
    private volatile long elsewhere;
    private final List<Loop.Timer> timers = new ArrayList<>();
    private volatile @Nullable QueueWatch watch;
    private boolean begun;
    /** Whether sources were opened, that can be read again, since it last began. */
    private boolean reading;

    /**
     * @param saved what an earlier process left of it; of a run that begins, nothing
     * @param loop of the committer
     */
    public Durability(
            LedgerRun run, String host, Saved saved, boolean resumed, Loop loop, RunControl control, Letters letters) {
        this.books = new Books(run, host, letters, control);
        this.saved = saved;
        this.resumed = resumed;
        this.elsewhere = Done.in(saved.counts());
        this.loop = loop;
        this.gate = new Gate(control::nudge);
        this.committer = new Committer(books, loop, gate);
    }

    /**
     * Bounds what is under way; to be called before sources are opened.
     *
     * @param roots live at a time
     * @param bytes that all of them together may hold
     */
    public void bound(long roots, long bytes) {
        gate.bound(roots, bytes);
    }

    /** @param rise by how much the share of failures of a stage may suddenly rise before it is held back; empty: by half */
    public void watchFailures(Optional<Double> rise) {
        long done = saved.counts().getOrDefault(Done.RECORDS, 0L);
        committer.spikes().expect(rise, done, lettersBefore());
    }

    /** Holds a stage back whose items suddenly fail. */
    public Brake brake(String stage) {
        return committer.spikes().of(stage);
    }

    /** Stages that are held back since their items suddenly fail. Any thread. */
    public List<String> paused() {
        return committer.spikes().paused();
    }

    /** Stages whose queues hold items in the store. */
    public Future<Set<String>> queued() {
        return books.run().backlog().map(Map::keySet);
    }

    /** Other processes may run it too. To be called before sources are opened. */
    public void share() {
        shared = true;
    }

    /** The number of the run. */
    public long id() {
        return books.run().id();
    }

    /** Records that were done before this process began. */
    public long doneBefore() {
        return saved.progress().stream()
                .mapToLong(progress -> progress.seq()
                        - progress.pending().stream().mapToLong(Pending::count).sum())
                .sum();
    }

    /** Records of sources and queues that are done in the run, here and, up to now or to the beginning of this process, elsewhere. Any thread. */
    public long done() {
        return elsewhere + committer.done();
    }

    /** How many rows the queue of a stage holds in the store, those that are claimed among them; as it was a moment ago. Any thread. */
    public long stored(String stage) {
        QueueWatch looks = watch;
        return looks == null ? 0 : looks.stored(stage);
    }

    /** Whether the run was begun by an earlier process. */
    public boolean resumed() {
        return resumed;
    }

    /** Dead letters that were kept before this process began. */
    public long lettersBefore() {
        return saved.run().deadLetters();
    }

    /** Whether other processes may run it too. */
    public boolean isShared() {
        return shared;
    }

    /**
     * Takes units that run in one process at a time, as far as no other has them; yields all of these that this process may run. What is kept of the run is read
     * anew: where the process that had them stopped.
     */
    public Future<Set<Unit>> take(Collection<Unit> units) {
        return new Shares(books.run())
                .take(units)
                .compose(mine -> books.run().saved().map(now -> {
                    saved = now;
                    hear(now);
                    return mine;
                }));
    }

    private void hear(Saved now) {
        elsewhere = Math.max(elsewhere, Done.in(now.counts()) - committer.done());
    }

    /**
     * How a unit stands that this process does not run.
     *
     * @param upstream stages from which items reach those of the unit, these among them
     * @param sources those of them that have sources
     */
    public Future<Standing> standing(Unit unit, Set<String> upstream, Set<String> sources) {
        return new Shares(books.run()).standing(unit, upstream, sources, books.host());
    }

    /** Holds back whoever else wants to do this in this run. */
    public Future<Void> alone(String what, Supplier<Future<Void>> work) {
        SharedLock lock = books.run().lock(what, 1);
        return lock.held().compose(mine -> work.get()).onComplete(done -> lock.release());
    }

    /** See {@link LedgerRun#reserve}. */
    public Future<Permits.Reserved> reserve(Permits.Wanted wanted) {
        return books.run().reserve(List.of(wanted)).map(all -> all.get(0));
    }

    /** Locks that hold for all processes of the run; empty if this one runs it alone. */
    public Optional<RunLocks> locks() {
        return shared
                ? Optional.of((name, permits) -> permit(books.run().lock("step " + name, permits)))
                : Optional.empty();
    }

    private static RunLocks.Permit permit(SharedLock lock) {
        return new RunLocks.Permit() {
            @Override
            public Future<Void> held() {
                return lock.held();
            }

            @Override
            public void release() {
                lock.release();
            }
        };
    }

    /** Whether it failed for the run is not this process's any more. */
    public static boolean isLoss(Throwable thrown) {
        return Books.isLoss(thrown) || (thrown.getCause() != null && isLoss(thrown.getCause()));
    }

    /** The run is another process's, or the store refuses an answer. */
    public void failed(Throwable thrown) {
        books.failed(thrown);
    }

    /** Finds where an open source goes on. On the source's loop. */
    public Future<Feed> source(Stage stage, Origin origin, Source source, Loop sourceLoop) {
        Optional<Progress> before = saved.progress().stream()
                .filter(progress -> progress.stage().equals(stage.name()))
                .findFirst();
        if (!(source instanceof Replayable replayable)) {
            return stage.queue().durable()
                    ? Future.succeededFuture(loose(origin, source, before, sourceLoop))
                    : Future.failedFuture(Failure.of(
                            Failure.Kind.REJECTED,
                            "it cannot be read again from where it stopped, and the flow is durable. Give the stage a"
                                    + " durable queue (\"queue\": {\"durable\": true}), or remove \"durable\"."));
        }
        return before.map(progress -> unchanged(replayable, progress))
                .orElse(Future.succeededFuture())
                .compose(fine -> replayable.fingerprint())
                .map(fingerprint -> {
                    SourceProgress progress =
                            new SourceProgress(origin, committer, gate, fingerprint, before, this::sourceEnded);
                    add(progress);
                    reads();
                    before.ifPresent(at -> LOG.info(Resumption.source(id(), stage.name(), replayable, at)));
                    return new Feed(
                            new ResumedSource(replayable, progress, committer.trial(), sourceLoop),
                            new RangeAdmission(progress, gate, sourceLoop, committer.trial()));
                });
    }

    private Feed loose(Origin origin, Source source, Optional<Progress> before, Loop sourceLoop) {
        SourceProgress progress = new SourceProgress(
                origin, committer, gate, JsonNodeFactory.instance.objectNode(), before, this::sourceEnded);
        add(progress);
        LooseSource loose = new LooseSource(source, progress, gate, sourceLoop);
        return new Feed(loose, loose);
    }

    /** Other processes wait for it. */
    private void sourceEnded() {
        if (shared) {
            committer.tick();
        }
    }

    private Future<Void> unchanged(Replayable source, Progress progress) {
        JsonNode lowest = progress.pending().isEmpty()
                ? progress.last()
                : progress.pending().get(0).first();
        return source.changed(progress.fingerprint(), lowest)
                .compose(change -> change.isEmpty()
                        ? Future.succeededFuture()
                        : Future.failedFuture(Failure.of(
                                Failure.Kind.REJECTED,
                                "run " + id() + " is unfinished and cannot go on: " + change.get())));
    }

    /** Says what an earlier process has left in the queues. */
    public Future<Void> tellQueues() {
        return books.run().backlog().map(rows -> {
            if (!rows.isEmpty()) {
                LOG.info(Resumption.queues(id(), rows));
            }
            return null;
        });
    }

    private synchronized void reads() {
        reading = true;
    }

    private synchronized void add(SourceProgress progress) {
        if (begun) {
            committer.source(progress);
        } else {
            opened.add(progress);
        }
    }

    /** Opens a sink; if it can be part of commits, it is from now on held for {@link #begin}. */
    public Future<Void> sink(Stage stage, Sink sink, OnError decision) {
        if (!(sink instanceof Holding holding)) {
            return sink.open();
        }
        Future<Void> open = holding instanceof Appending appending ? resume(appending, stage.name()) : sink.open();
        return open.onSuccess(ready -> hold(new SinkVault(stage, holding, decision)));
    }

    private Future<Void> resume(Appending sink, String stage) {
        Future<Boolean> ours = begun ? committer.alone(books::areOurs) : books.areOurs();
        return ours.compose(yes -> yes ? sink.resume(files(stage)) : Future.failedFuture(books.takenOver()));
    }

    private synchronized void hold(SinkVault vault) {
        held.add(vault);
    }

    private List<FileState> files(String stage) {
        return saved.files().stream()
                .filter(mark -> mark.stage().equals(stage))
                .map(mark -> new FileState(mark.path(), mark.length(), mark.crc(), mark.state() == FileMark.State.DONE))
                .toList();
    }

    /** Keeps where the run begins, and finds out which sinks can be part of commits. May be called again when more were opened. */
    public synchronized Future<Void> begin() {
        List<SinkVault> fresh = List.copyOf(held);
        List<SourceProgress> sources = begun ? List.of() : List.copyOf(opened);
        held.clear();
        boolean reads = reading;
        reading = false;
        if (begun && fresh.isEmpty() && !reads) {
            return Future.succeededFuture();
        }
        ObjectNode trial = reads ? committer.trial().opened(saved.trial()) : null;
        Opening opening = new Opening(books, fresh, sources, trial);
        Future<Set<SinkVault>> joined = begun ? committer.alone(opening::commit) : opening.commit();
        return joined.map(all -> {
            start(fresh.stream().filter(all::contains).toList());
            return null;
        });
    }

    private synchronized void start(List<SinkVault> joined) {
        Map<String, SinkVault> all = new LinkedHashMap<>(vaults);
        joined.forEach(vault -> all.put(vault.stage(), vault));
        vaults = Collections.unmodifiableMap(all);
        appending(joined)
                .flatMap(sink -> sink.ageing().stream())
                .min(Comparator.naturalOrder())
                .ifPresent(this::tickEvery);
        if (begun) {
            committer.sinks(joined);
            return;
        }
        begun = true;
        Duration linger = joined.stream()
                .map(vault -> batching(vault).linger())
                .min(Comparator.naturalOrder())
                .filter(time -> time.compareTo(LINGER) < 0)
                .orElse(LINGER);
        int enough =
                joined.stream().mapToInt(vault -> batching(vault).items()).min().orElse(Integer.MAX_VALUE);
        committer.start(joined, opened, linger, enough);
    }

    private static Stage.Batching batching(SinkVault vault) {
        return vault.definition().sink().orElseThrow().batching();
    }

    private void tickEvery(Duration time) {
        timers.add(loop.after(time, () -> {
            committer.tick();
            tickEvery(time);
        }));
    }

    private static Stream<Appending> appending(List<SinkVault> held) {
        return held.stream().filter(vault -> vault.sink() instanceof Appending).map(vault -> (Appending) vault.sink());
    }

    /**
     * Looks after the queues of the stages.
     *
     * @param upstream stages from which items reach a stage, itself among them
     * @param feeders those of them that are in other units, if the stage's own holds groups; else none
     * @param sources origins of the flow's sources, by stage
     * @param known told how many items a queue has dropped, as it had seen them before
     */
    public void watch(
            Function<String, Set<String>> upstream,
            Function<String, Set<String>> feeders,
            Map<String, Origin> sources,
            ObjIntConsumer<String> known,
            Runnable nudge) {
        QueueWatch looks = new QueueWatch(books, loop, upstream::apply, feeders::apply, sources, nudge);
        watch = looks;
        committer.watch(looks, known);
    }

    /**
     * Whether nothing waits to be committed that can be. What is complete may still wait for others that rest in groups, and be kept together with them.
     */
    public boolean isAtRest() {
        return committer.isResting();
    }

    /** Whether nothing comes to the queue of a stage any more from other units, in whatever process they run. */
    public boolean isSupplied(String stage) {
        return Objects.requireNonNull(watch).isSupplied(stage);
    }

    /** How the rows of a stage's queue are dealt: those that rest in groups, or wait for others of their key, say nothing of how busy a process is. */
    public Dealing dealing(Stage stage, Supply supply) {
        Unit unit = supply.unit(stage.name());
        if (!shared || unit.alone()) {
            return Dealing.NONE;
        }
        boolean byKey = stage.queue().key().isPresent();
        boolean rests = supply.holdsGroups(unit);
        return new Dealing(byKey, byKey || rests ? 0 : Math.max(LEAST_ROWS, 2 * stage.concurrency()), rests);
    }

    /** The queues of these stages have ended, as others have found. */
    public void over(Collection<String> stages) {
        Objects.requireNonNull(watch).over(stages);
    }

    /**
     * The queue of a stage as a source. On its loop.
     *
     * @param end ends it
     */
    public QueueSource queue(Origin origin, Dealing dealing, Loop sourceLoop, Runnable end) {
        QueueSource queue = new QueueSource(books, dealing, origin, committer, gate, sourceLoop);
        queue.deal();
        Objects.requireNonNull(watch).add(queue, end);
        return queue;
    }

    /**
     * Whether sources are held back until something is done that cannot be done before they go on, unless groups leave as they are. Any thread.
     */
    public boolean isStalled() {
        return committer.isStalled();
    }

    /** What stands in for the sink of a stage; empty if the sink is not part of commits. */
    public Optional<Vault> vault(String stage) {
        return Optional.ofNullable(vaults.get(stage));
    }

    /** Rows of a stage that its sink refused when they were committed. */
    public long refused(String stage) {
        @Nullable SinkVault vault = vaults.get(stage);
        return vault == null ? 0 : vault.refused().sum();
    }

    /** Sinks that are part of commits, by stage: their rows and the progress are kept together. */
    public Map<String, String> exactlyOnce() {
        Map<String, String> words = new LinkedHashMap<>();
        vaults.forEach((stage, vault) -> words.put(
                stage,
                vault.sink() instanceof Transactional
                        ? "rows and progress commit together"
                        : "the file is cut back to what was kept"));
        return words;
    }

    /** Holds a dead letter with the root of its item. */
    public void letter(String stage, Item item, Failure failure) {
        item.root().hold(committer.letter(stage, item, failure));
    }

    /**
     * Ends the run for this process, when everything is settled: commits what is left; a complete run gets its files' names.
     *
     * @param good whether the run came to its end by itself
     * @param cancelled whether it is to be over for good
     * @param exit its exit code, asked for after the last commit
     */
    public Future<Void> end(boolean good, boolean cancelled, IntSupplier exit) {
        timers.forEach(Loop.Timer::cancel);
        if (!begun) {
            return leave();
        }
        QueueWatch looks = watch;
        if (looks != null) {
            loop.execute(looks::stop);
        }
        return committer.flush().compose(flushed -> {
            boolean complete = good && (shared ? !committer.isLost() : committer.isComplete());
            Future<Void> sealed = complete ? seal() : Future.succeededFuture();
            Future<Void> told = complete && shared ? sealed.compose(done -> tell()) : sealed;
            return told.compose(done -> keepTrial())
                    .compose(done -> committer.close(
                            complete ? RunState.FINISHED : cancelled ? RunState.CANCELLED : RunState.UNFINISHED,
                            exit.getAsInt()));
        });
    }

    /** Nobody has died. */
    private Future<Void> keepTrial() {
        return committer
                .trial()
                .left()
                .filter(left -> !committer.isLost())
                .map(left -> committer
                        .alone(() -> books.run().commit(Commit.NOTHING.withTrial(left)))
                        .<Void>mapEmpty()
                        .otherwiseEmpty())
                .orElse(Future.succeededFuture());
    }

    /** Other processes need not wait for these files; and they have dead letters that count for this one as well. */
    private Future<Void> tell() {
        LedgerRun run = books.run();
        return run.saved()
                .compose(now -> {
                    books.letters().all(now.run().deadLetters());
                    hear(now);
                    List<FileMark> sealed = now.files().stream()
                            .filter(mark -> vaults.containsKey(mark.stage()) && mark.state() == FileMark.State.PART)
                            .map(mark -> new FileMark(
                                    mark.stage(),
                                    mark.path(),
                                    mark.host(),
                                    mark.length(),
                                    mark.crc(),
                                    FileMark.State.SEALED))
                            .toList();
                    return sealed.isEmpty()
                            ? Future.<Outcome>succeededFuture()
                            : run.commit(Commit.NOTHING.withFiles(sealed));
                })
                .mapEmpty();
    }

    private Future<Void> seal() {
        Future<Void> all = Future.succeededFuture();
        for (Appending sink : appending(List.copyOf(vaults.values())).toList()) {
            all = all.compose(done -> sink.seal());
        }
        return all;
    }

    /** Gives the run up before it has begun. */
    public Future<Void> leave() {
        Future<Boolean> needed = resumed || begun
                ? Future.succeededFuture(true)
                : books.run().others().map(others -> !others.isEmpty());
        return needed.compose(others -> committer.close(others ? RunState.UNFINISHED : RunState.CANCELLED, 0));
    }
}
