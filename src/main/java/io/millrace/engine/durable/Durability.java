package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Origin;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Admission;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.Vault;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Progress;
import io.millrace.ledger.Progress.Pending;
import io.millrace.ledger.RunState;
import io.millrace.ledger.Saved;
import io.millrace.spi.Appending;
import io.millrace.spi.Failure;
import io.millrace.spi.FileState;
import io.millrace.spi.Holding;
import io.millrace.spi.Replayable;
import io.millrace.spi.Sink;
import io.millrace.spi.Source;
import io.millrace.spi.Transactional;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
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
    private static final Duration LINGER = Duration.ofMillis(100);

    /** How a source is read in this run. */
    public record Feed(Source source, Admission admission) {}

    private final Books books;
    private final Saved saved;
    private final boolean resumed;
    private final Loop loop;
    private final Gate gate;
    private final Committer committer;
    private final Map<String, SinkVault> vaults = new LinkedHashMap<>();
    private final List<SourceProgress> opened = new ArrayList<>();
    private final List<Loop.Timer> timers = new ArrayList<>();
    private @Nullable QueueWatch watch;
    private boolean begun;

    /**
     * @param saved what an earlier process left of it; of a run that begins, nothing
     * @param loop of the committer
     */
    public Durability(
            LedgerRun run, String host, Saved saved, boolean resumed, Loop loop, RunControl control, Letters letters) {
        this.books = new Books(run, host, letters, control);
        this.saved = saved;
        this.resumed = resumed;
        this.loop = loop;
        this.gate = new Gate();
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

    /** Dead letters that were kept before this process began. */
    public long lettersBefore() {
        return saved.run().deadLetters();
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
                    SourceProgress progress = new SourceProgress(origin, committer, gate, fingerprint, before);
                    add(progress);
                    before.ifPresent(at -> tellWhere(stage.name(), replayable, at));
                    return new Feed(
                            new ResumedSource(replayable, progress), new RangeAdmission(progress, gate, sourceLoop));
                });
    }

    private Feed loose(Origin origin, Source source, Optional<Progress> before, Loop sourceLoop) {
        SourceProgress progress =
                new SourceProgress(origin, committer, gate, JsonNodeFactory.instance.objectNode(), before);
        add(progress);
        LooseSource loose = new LooseSource(source, progress, gate, sourceLoop);
        return new Feed(loose, loose);
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

    private void tellWhere(String stage, Replayable source, Progress at) {
        long open = at.pending().stream().mapToLong(Pending::count).sum();
        JsonNode last = at.last();
        String where = last == null ? "its beginning" : source.place(last);
        String before =
                open == 0 ? "" : "; " + String.format("%,d", open) + " before that are not done and are read again";
        LOG.info("resuming run {} at {} (stage \"{}\"){}", id(), where, stage, before);
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
        Future<Void> open =
                holding instanceof Appending appending ? appending.resume(files(stage.name())) : sink.open();
        return open.onSuccess(ready -> vaults.put(stage.name(), new SinkVault(stage, holding, decision)));
    }

    private List<FileState> files(String stage) {
        return saved.files().stream()
                .filter(mark -> mark.stage().equals(stage))
                .map(mark -> new FileState(mark.path(), mark.length(), mark.crc(), mark.state() == FileMark.State.DONE))
                .toList();
    }

    /** Keeps where the run begins, and finds out which sinks can be part of commits. */
    public Future<Void> begin() {
        List<SinkVault> all = List.copyOf(vaults.values());
        Opening opening = new Opening(books, all, opened);
        return opening.commit().map(joined -> {
            vaults.values().removeIf(vault -> !joined.contains(vault));
            start(List.copyOf(vaults.values()));
            return null;
        });
    }

    private synchronized void start(List<SinkVault> held) {
        begun = true;
        Duration linger = held.stream()
                .map(vault -> batching(vault).linger())
                .min(Comparator.naturalOrder())
                .filter(time -> time.compareTo(LINGER) < 0)
                .orElse(LINGER);
        int enough =
                held.stream().mapToInt(vault -> batching(vault).items()).min().orElse(Integer.MAX_VALUE);
        committer.start(held, opened, linger, enough);
        appending(held)
                .flatMap(sink -> sink.ageing().stream())
                .min(Comparator.naturalOrder())
                .ifPresent(this::tickEvery);
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
     * @param sources origins of the flow's sources, by stage
     * @param known told how many items a queue has dropped, as it had seen them before
     */
    public void watch(
            Function<String, Set<String>> upstream,
            Map<String, Origin> sources,
            ObjIntConsumer<String> known,
            Runnable nudge) {
        watch = new QueueWatch(books.run(), loop, upstream::apply, sources, nudge);
        committer.watch(watch, known);
    }

    /**
     * The queue of a stage as a source. On its loop.
     *
     * @param end ends it
     */
    public QueueSource queue(Origin origin, Loop sourceLoop, Runnable end) {
        QueueSource queue = new QueueSource(books.run(), origin, committer, gate, sourceLoop);
        Objects.requireNonNull(watch).add(queue, end);
        return queue;
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
        if (watch != null) {
            loop.execute(watch::stop);
        }
        return committer.flush().compose(flushed -> {
            boolean complete = good && !committer.isLost();
            Future<Void> sealed = complete ? seal() : Future.succeededFuture();
            return sealed.compose(done -> committer.close(
                    complete ? RunState.FINISHED : cancelled ? RunState.CANCELLED : RunState.UNFINISHED,
                    exit.getAsInt()));
        });
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
        return committer.close(resumed || begun ? RunState.UNFINISHED : RunState.CANCELLED, 0);
    }
}
