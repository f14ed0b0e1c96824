package io.millrace.engine.durable;

import io.millrace.engine.item.ClaimedRoot;
import io.millrace.engine.item.Keeper;
import io.millrace.engine.item.Origin;
import io.millrace.engine.item.Root;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Admission;
import io.millrace.ledger.Claimed;
import io.millrace.ledger.GivenBack;
import io.millrace.ledger.LedgerRun;
import io.millrace.spi.Caller;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a stage in the store, as a source of that stage: claims rows as there is room, each of which is a root. It does not end by itself; when
 * there are no rows it waits until it is {@link #poke}d. Confined to its loop, but for that.
 */
public final class QueueSource implements Source, Admission {
    /** Claims of a row, those of processes that died included, from which on it is claimed alone: it may be what they died of. */
    static final int DOUBTFUL = 4;

    /**
     * Deaths with the same row, alone, that make it a dead letter. One more than for a record: every row that a process had counts its death, so that many are
     * doubted where processes are killed by somebody else again and again.
     */
    static final int DEATHS = Trial.DEATHS + 1;

    /** Claims that a row is granted: so many are given to it as before, and the rest to it alone. */
    static final int MOST_CLAIMS = DOUBTFUL + DEATHS - 1;

    private static final Duration DEAL = Duration.ofSeconds(2);

    private static final String DIED = "%d processes died while they had this item of the queue, the last " + DEATHS
            + " of them while they worked on nothing else.";

    private final Books books;
    private final LedgerRun run;
    private final Optional<Buckets> buckets;
    private final Optional<Portion> portion;
    private final Origin origin;
    private final Keeper keeper;
    private final Gate gate;
    private final Trial trial;
    private final Loop loop;
    private final ArrayDeque<ClaimedRoot> unsent = new ArrayDeque<>();
    private boolean poked = true; // that it is dry is known only when it has looked
    private final AtomicInteger pokes = new AtomicInteger();
    private volatile int dryAt = -1;
    private int looks;
    private boolean claiming;
    private boolean closed;
    private @Nullable Promise<Boolean> waiting;

    QueueSource(Books books, Dealing dealing, Origin origin, Committer keeper, Gate gate, Loop loop) {
        this.books = books;
        this.run = books.run();
        this.buckets = dealing.byKey()
                ? Optional.of(new Buckets(run, origin.stage(), dealing.rests(), loop.random()))
                : Optional.empty();
        this.portion = dealing.isEven() ? Optional.of(new Portion(loop, dealing.least())) : Optional.empty();
        this.origin = origin;
        this.keeper = keeper;
        this.gate = gate;
        this.trial = keeper.trial();
        this.loop = loop;
    }

    /** Takes its share of the keys, and sees to it from time to time. */
    void deal() {
        buckets.ifPresent(share -> loop.execute(() -> deal(share)));
    }

    private void deal(Buckets share) {
        if (closed) {
            return;
        }
        run.others()
                .compose(others -> run.leases().compose(leases -> {
                    int processes = others.size() + 1;
                    List<String> wanted = share.wanted(leases, processes);
                    Future<Set<String>> won =
                            wanted.isEmpty() ? Future.succeededFuture(Set.of()) : run.lease(share.kind(), wanted);
                    return won.onSuccess(names -> loop.execute(() -> dealt(share, processes, names)));
                }))
                .onComplete(done -> loop.execute(() -> loop.after(DEAL, () -> deal(share))));
    }

    private void dealt(Buckets share, int processes, Set<String> won) {
        if (!won.isEmpty()) {
            share.won(won);
            poke();
        }
        if (!claiming) {
            share.shrink(processes);
            share.release();
        }
    }

    String stage() {
        return origin.stage();
    }

    Origin origin() {
        return origin;
    }

    /** There may be rows. Any thread. */
    void poke() {
        pokes.incrementAndGet();
        loop.execute(() -> {
            poked = true;
            wake();
        });
    }

    /** Whether there was nothing left to claim when it last looked, and nobody has said since that there might be. Any thread. */
    public boolean isDry() {
        return dryAt == pokes.get();
    }

    private void wake() {
        Promise<Boolean> waker = waiting;
        if (waker != null) {
            waiting = null;
            waker.complete(true);
        }
    }

    @Override
    public Future<Boolean> read(Records into) {
        if (closed) {
            return Future.succeededFuture(false);
        }
        if (!poked) {
            Promise<Boolean> waker = Promise.promise();
            waiting = waker;
            return waker.future();
        }
        poked = false;
        Promise<Boolean> read = Promise.promise();
        if (trial.isOn()) {
            trial.turn().onComplete(turn -> loop.execute(() -> claim(1, true, into, read)));
        } else {
            claim(into.room(), false, into, read);
        }
        return read.future();
    }

    private void claim(int most, boolean alone, Records into, Promise<Boolean> read) {
        claiming = true;
        looks++;
        int seen = pokes.get();
        Set<Integer> wanted = buckets.map(share -> share.claimable()).orElse(null);
        Future<List<Claimed>> rows = closed ? Future.succeededFuture(List.of()) : run.claim(stage(), most, wanted);
        rows.compose(found -> alone ? Future.succeededFuture(found) : sifted(found))
                .onComplete(done -> loop.execute(() -> {
                    claiming = false;
                    if (done.failed()) {
                        books.failed(Objects.requireNonNull(done.cause()));
                        read.complete(false);
                        return;
                    }
                    take(done.result(), into);
                    if (alone) {
                        trial.sent();
                    }
                    if (done.result().isEmpty()) {
                        tellIfDry(seen, wanted);
                    }
                    read.complete(true);
                }));
    }

    /**
     * Of those that were claimed many at a time none may be what ends processes: else all of them go back, as if they had not been claimed, to be claimed one
     * by one. So only the row that is worked on alone counts its deaths; and those of a key keep their order.
     */
    private Future<List<Claimed>> sifted(List<Claimed> rows) {
        Optional<Claimed> doubtful =
                rows.stream().filter(row -> row.attempt() >= DOUBTFUL).findFirst();
        if (doubtful.isEmpty()) {
            return Future.succeededFuture(rows);
        }
        poke();
        trial.doubt(stage(), doubtful.get().attempt(), rows.size());
        return run.giveBack(rows.stream()
                        .map(row -> new GivenBack(row.id(), Duration.ZERO, false, null))
                        .toList())
                .map(List.of());
    }

    private void take(List<Claimed> rows, Records into) {
        poked |= !rows.isEmpty();
        dryAt = -1;
        for (Claimed row : rows) {
            buckets.ifPresent(share -> share.came(row.bucket()));
            unsent.add(new ClaimedRoot(origin, row.id(), row.bucket(), row.meta(), keeper, this::left));
            long position = row.meta().path("position").asLong();
            if (row.attempt() > MOST_CLAIMS) {
                into.bad(row.document(), position, Trial.failure(stage(), DIED.formatted(row.attempt() - 1)));
            } else {
                into.add(row.document(), position);
            }
        }
        gate.admitted(rows.size());
        portion.ifPresent(of -> of.taken(rows.size()));
    }

    /** Groups leave when nothing more can come to them: a claim that found nothing is not enough, for rows may wait for their moment. */
    private void tellIfDry(int seen, @Nullable Set<Integer> wanted) {
        if (!origin.mayRest()) {
            dryAt = seen;
            return;
        }
        int look = looks;
        run.isDry(stage(), wanted)
                .onComplete(done -> loop.execute(() -> {
                    if (done.failed()) {
                        if (!closed) {
                            books.failed(Objects.requireNonNull(done.cause()));
                        }
                    } else if (done.result() && look == looks) {
                        dryAt = seen;
                        books.control().nudge();
                    }
                }));
    }

    private void left(int bucket) {
        buckets.ifPresent(share -> share.left(bucket));
        portion.ifPresent(Portion::left);
    }

    /** Claims no more. What was claimed and not sent goes back with the process's hold on the run. */
    @Override
    public Future<Void> close() {
        closed = true;
        wake();
        return Future.succeededFuture();
    }

    @Override
    public boolean endless() {
        return false;
    }

    @Override
    public int wanted(int capacity) {
        return Math.max(1, capacity);
    }

    @Override
    public int room(int wanted) {
        return gate.room(portion.map(of -> of.room(wanted)).orElse(wanted));
    }

    @Override
    public void whenRoom(Runnable task) {
        if (portion.isPresent() && portion.get().room(1) == 0) {
            portion.get().await(task);
        } else {
            gate.await(loop, task);
        }
    }

    @Override
    public Records records(int room) {
        return new Records(room);
    }

    @Override
    public Root root(@Nullable Caller caller) {
        return unsent.remove();
    }

    /** What comes from a queue was read before. */
    @Override
    public boolean isInput() {
        return false;
    }
}
