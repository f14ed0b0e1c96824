package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.DurableRoot;
import io.millrace.engine.item.DurableRoot.State;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Keeper;
import io.millrace.engine.item.Settling;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Brake;
import io.millrace.ledger.GivenBack;
import io.millrace.ledger.RunState;
import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Commits what is complete: one commit at a time, the next takes all that has become complete meanwhile. Confined to its loop, but for {@link
 * Keeper}.
 */
final class Committer implements Keeper {
    /** Rows and bytes above which the rest waits for the next commit. */
    private static final int MOST_ROWS = 10_000;

    private static final long MOST_BYTES = 8L << 20;

    private final Books books;
    private final Loop loop;
    private final Gate gate;
    private final Trial trial;
    private final Spikes spikes;
    private final List<SourceProgress> sources = new ArrayList<>();
    private final ConcurrentLinkedQueue<DurableRoot> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger come = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ArrayDeque<DurableRoot> ready = new ArrayDeque<>();
    private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
    private final Settling settling = new Settling();
    private final Done counts = new Done();
    private List<SinkVault> vaults = List.of();
    private Duration linger = Duration.ZERO;
    private int enough = 1;
    private Loop.@Nullable Timer lingering;
    private volatile @Nullable QueueWatch watch;
    private volatile ObjIntConsumer<String> known = (stage, count) -> {};
    private Future<Void> returned = Future.succeededFuture();
    private boolean waited;
    private boolean due;
    private boolean lost;
    private boolean started;
    private boolean elsewhere;
    private volatile boolean resting;
    /** How many roots must have come before it looks at them: to wake a loop costs more than what it then does. */
    private volatile int worth = 1;

    private @Nullable Work under;
    private @Nullable Promise<Void> idle;

    Committer(Books books, Loop loop, Gate gate) {
        this.books = books;
        this.loop = loop;
        this.gate = gate;
        this.trial = new Trial(books, loop, gate, this);
        this.spikes = new Spikes(books.letters(), gate, loop);
    }

    /** Holds stages back that suddenly fail. */
    Spikes spikes() {
        return spikes;
    }

    /** Finds the record that ends the process, if there is one. */
    Trial trial() {
        return trial;
    }

    /**
     * Begins.
     *
     * @param held the sinks that are written by commits
     * @param waiting how long a commit waits for more
     * @param rows with so many it does not wait
     */
    void start(List<SinkVault> held, List<SourceProgress> open, Duration waiting, int rows) {
        loop.execute(() -> {
            vaults = List.copyOf(held);
            sources.addAll(open);
            linger = waiting;
            enough = rows;
            started = true;
            look();
        });
    }

    /** A source that was opened later. */
    void source(SourceProgress progress) {
        loop.execute(() -> {
            sources.add(progress);
            due = true;
            look();
        });
    }

    /** @param dropped told how many items a queue has dropped, as it had seen them before */
    void watch(QueueWatch queues, ObjIntConsumer<String> dropped) {
        watch = queues;
        known = dropped;
    }

    @Override
    public void ready(DurableRoot root) {
        resting = false;
        spikes.waits(true);
        arrived.add(root);
        if (come.incrementAndGet() >= worth) {
            nudge();
        }
    }

    @Override
    public void held(long bytes) {
        gate.held(bytes);
    }

    @Override
    public void resting(int roots) {
        gate.resting(roots);
    }

    @Override
    public long mostOfOne() {
        return gate.mostBytes();
    }

    /** Does something that commits by itself, when no other commit is under way. */
    <T> Future<T> alone(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.execute(() -> {
            turns.add(() -> (lost ? Future.<T>failedFuture(books.takenOver()) : work.get())
                    .onComplete(result -> loop.execute(() -> {
                        elsewhere = false;
                        done.handle(result);
                        look();
                    })));
            look();
        });
        return done.future();
    }

    /** More sinks are written by commits. */
    void sinks(List<SinkVault> more) {
        loop.execute(() -> {
            List<SinkVault> all = new ArrayList<>(vaults);
            all.addAll(more);
            vaults = List.copyOf(all);
        });
    }

    /** Something may be there to commit. Any thread. */
    void nudge() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            loop.execute(() -> {
                looking.set(false);
                look();
            });
        }
    }

    /** Commits once more, whether or not there is anything: files may have become old. */
    void tick() {
        due = true;
        nudge();
    }

    private void look() {
        receive();
        proceed();
        worth = worth();
        if (come.get() >= worth) {
            nudge();
        }
    }

    private int worth() {
        if (lost) {
            return 1;
        }
        if (under != null || elsewhere || !started) {
            return Integer.MAX_VALUE; // it looks when that is over
        }
        return lingering == null ? 1 : (int) Math.max(1, many() - ready.size());
    }

    private void receive() {
        List<GivenBack> back = new ArrayList<>();
        for (DurableRoot root = arrived.poll(); root != null; root = arrived.poll()) {
            come.decrementAndGet();
            if (lost || root.together().stream().anyMatch(DurableRoot::isAbandoned)) {
                back.addAll(giveUp(root.together()));
            } else {
                ready.add(root);
            }
        }
        giveBack(back);
        settling.flush();
    }

    private void proceed() {
        if (lost) {
            turns.forEach(Runnable::run);
            turns.clear();
        }
        if (under != null || elsewhere || lost || !started) {
            return;
        }
        Runnable turn = turns.poll();
        if (turn != null) {
            elsewhere = true;
            turn.run();
            return;
        }
        if (ready.isEmpty() && !due) {
            rest();
        } else if (due || idle != null || !waits()) {
            begin();
        }
    }

    /** It must not be kept before what was given up here. */
    private void bar(DurableRoot root) {
        root.together().forEach(DurableRoot::abandon);
        giveBack(giveUp(root.together()));
    }

    private void giveBack(List<GivenBack> back) {
        if (!back.isEmpty() && !lost) {
            returned = returned.eventually(() -> books.run().giveBack(back));
        }
    }

    /** Whether it is better to wait for more. */
    private boolean waits() {
        if (waited || gate.isFull() || ready.size() >= many()) {
            return false;
        }
        if (lingering == null) {
            lingering = loop.after(linger, () -> {
                lingering = null;
                waited = true;
                look();
            });
        }
        return true;
    }

    /** With so many complete roots a commit waits for no more. */
    private long many() {
        return Math.min(Math.min(enough, gate.live()), gate.most() / 4);
    }

    private void begin() {
        resting = false;
        spikes.waits(true);
        if (lingering != null) {
            lingering.cancel();
            lingering = null;
        }
        waited = false;
        Take take = new Take(books.letters());
        while (!ready.isEmpty() && take.rows() < MOST_ROWS && take.bytes() < MOST_BYTES) {
            take.add(ready.remove());
        }
        List<DurableRoot> barred = new ArrayList<>();
        List<DurableRoot> behind = take.keepOrder(vaults, barred);
        barred.forEach(this::bar);
        for (int i = behind.size() - 1; i >= 0; i--) {
            ready.addFirst(behind.get(i));
        }
        if (take.roots().isEmpty() && !due) {
            rest(); // what they wait for will come, unless this is the end
            return;
        }
        boolean all = due;
        due = false;
        take.state(State.COMMITTING);
        ObjectNode keeps = take.roots().isEmpty() ? null : trial.kept();
        Work work = new Work(books, vaults, loop, take, sources, counts.with(take), keeps, all);
        under = work;
        work.begin().onComplete(done -> loop.execute(() -> ended(take, work, done.cause())));
    }

    private void ended(Take take, Work work, @Nullable Throwable thrown) {
        under = null;
        if (thrown != null) {
            lose(take, Failure.from(thrown));
            return;
        }
        take.state(State.COMMITTED);
        List<DurableRoot> roots = take.roots();
        books.letters().kept(work.letters());
        work.refusals().forEach(refusal -> refused(refusal));
        take.gone();
        counts.kept();
        QueueWatch queues = watch;
        if (queues != null) {
            queues.fed(work.fed()); // before the roots are done with, or all might seem to be at rest
        }
        finish(roots);
        trial.committed(roots.size(), work.endsTrial());
        work.known().forEach((stage, count) -> known.accept(stage, count));
        if (queues != null) {
            queues.settled();
        }
        look();
    }

    private void refused(Work.Refusal refusal) {
        refusal.vault().refused().increment();
        Brake brake = spikes.of(refusal.vault().stage());
        brake.undone();
        brake.failed(refusal.failure());
        books.control().failed();
        if (refusal.stops()) {
            books.control()
                    .stop(refusal.failure().step() + ": " + refusal.failure().message());
        }
    }

    private void finish(List<DurableRoot> roots) {
        long bytes = 0;
        for (DurableRoot root : roots) {
            bytes += root.bytes();
            root.letGo();
            root.finished(settling);
        }
        settling.flush();
        gate.left(roots.size(), bytes);
        spikes.free();
    }

    /**
     * Lets go of roots whose records stay to be done; yields the rows that others may claim now. Those with a key are free when this process has left the run: others
     * would else take them in another order.
     */
    private List<GivenBack> giveUp(List<DurableRoot> roots) {
        Take given = new Take(books.letters());
        given.add(roots.get(0));
        given.left();
        List<GivenBack> rows = given.claimed().stream()
                .filter(root -> !root.hasKey())
                .map(root -> new GivenBack(root.row(), root.delay(), false, root.changed()))
                .toList();
        finish(roots);
        return rows;
    }

    /** Nothing more can be committed. */
    private void lose(Take take, Failure failure) {
        lost = true;
        take.state(State.PENDING);
        finish(take.roots());
        List.copyOf(ready).forEach(root -> giveUp(root.together()));
        ready.clear();
        rest();
        look();
        books.stop(failure);
    }

    private void rest() {
        boolean before = resting;
        resting = true;
        spikes.waits(false);
        if (!before || gate.isAwaited()) {
            books.control().nudge();
        }
        Promise<Void> waiting = idle;
        if (waiting != null) {
            idle = null;
            waiting.complete();
        }
    }

    /** Completes when all that was complete is committed, and the progress of all sources with it; at once if nothing ever began. */
    Future<Void> flush() {
        Promise<Void> done = Promise.promise();
        loop.execute(() -> {
            if (lost || !started) {
                done.complete();
                return;
            }
            idle = done;
            due |= sources.stream().anyMatch(SourceProgress::isChanged);
            look();
        });
        return done.future().eventually(() -> returned);
    }

    /** Whether sources are held back, and no commit will make room for them unless something else happens before. Any thread. */
    boolean isStalled() {
        return resting && gate.isAwaited() && !gate.isShut();
    }

    /** How many records this process has done. Any thread. */
    long done() {
        return counts.records();
    }

    /** Whether nothing can be kept now, nor is being kept: what is left waits for groups, or for what comes. Any thread. */
    boolean isResting() {
        return resting && arrived.isEmpty();
    }

    /** Whether another process, or a fault, has ended the run for this one. */
    boolean isLost() {
        return lost;
    }

    /** Whether every record that was read is done; there may be more. */
    boolean isComplete() {
        return !lost && sources.stream().allMatch(SourceProgress::isComplete);
    }

    /** Ends the run for this process, for good or until it is resumed. */
    Future<Void> close(RunState state, int exitCode) {
        return lost
                ? books.run()
                        .close(RunState.UNFINISHED, exitCode)
                        .<Void>mapEmpty()
                        .otherwiseEmpty()
                : books.run().close(state, exitCode).mapEmpty();
    }

    /** A dead letter of an item, to be kept with its root. */
    HeldLetter letter(String stage, Item item, Failure failure) {
        return new HeldLetter(books.letters().of(stage, item, failure), item.bytes());
    }
}
