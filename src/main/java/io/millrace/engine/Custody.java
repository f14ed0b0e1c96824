package io.millrace.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.durable.Durability;
import io.millrace.engine.item.Item;
import io.millrace.engine.stage.RunControl;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.Delivery;
import io.millrace.flow.Flow;
import io.millrace.flow.Shape;
import io.millrace.flow.Stage;
import io.millrace.ledger.Commit;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.Saved;
import io.millrace.spi.Failure;
import io.millrace.spi.Quantities;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds or begins the durable run of a flow, on an event loop of its own, where its commits are made too. */
final class Custody {
    /** It was finished before, and nothing that it read has changed since. */
    static final class AlreadyDone extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Saved saved;

        AlreadyDone(Saved saved) {
            super("run " + saved.run().id() + " has done all of this before", null, false, false);
            this.saved = saved;
        }

        Saved saved() {
            return saved;
        }
    }

    /** It was finished before, and something that it read has changed: a new run is due. */
    static final class Outdated extends RuntimeException {
        private static final long serialVersionUID = 1;

        Outdated() {
            super("a new run is due", null, false, false);
        }
    }

    /** It is over for good. */
    static final class Cancelled extends RuntimeException {
        private static final long serialVersionUID = 1;

        Cancelled(long run) {
            super("the cancelling of run " + run, null, false, false);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");
    private static final Delivery.Promise IN_THE_STORE = Delivery.Promise.EXACTLY_ONCE_IN_THE_STORE;
    private static final long MOST_ROOTS = 4096;
    private static final int ROOTS_PER_SLOT = 4;
    private static final int HELD_SHARE = 4;

    private final Vertx vertx;
    private final CheckedFlow checked;
    private final Ledgers ledgers;
    private final RunControl control;
    private final LetterBook letters;
    private final Optional<Long> again;
    private final boolean acceptChanges;
    private final Post post = new Post();
    private volatile @Nullable Durability durability;
    private volatile @Nullable UUID storeId;
    private @Nullable Saved finished;
    private boolean fresh;

    /**
     * @param again the run that this process had before; it goes on with no other
     * @param acceptChanges see {@link RunOptions}
     */
    Custody(
            Vertx vertx,
            CheckedFlow checked,
            Ledgers ledgers,
            RunControl control,
            LetterBook letters,
            Optional<Long> again,
            boolean acceptChanges) {
        this.acceptChanges = acceptChanges;
        this.vertx = vertx;
        this.checked = checked;
        this.ledgers = ledgers;
        this.control = control;
        this.letters = letters;
        this.again = again;
    }

    /** An event loop. */
    private static final class Post extends VerticleBase {
        Context context() {
            return context;
        }
    }

    /** @param fresh whether to begin a new run in any case */
    Future<Void> open(boolean fresh) {
        Promise<Void> opened = Promise.promise();
        Future<?> deployed = post.context() == null ? vertx.deployVerticle(post) : Future.succeededFuture();
        Optional<String> address = Ledgers.address(checked);
        deployed.onFailure(opened::fail)
                .onSuccess(ready -> post.context()
                        .runOnContext(here -> ledgers.ledger(address)
                                .compose(ledger -> open(ledger, fresh))
                                .onComplete(opened)));
        return opened.future();
    }

    private Future<Void> open(Ledger ledger, boolean fresh) {
        RunRequest any = new RunRequest(checked.name(), checked.paramsHash(), checked.shape(), fresh, checked.shared());
        RunRequest request = again.map(any::again).orElse(any);
        return ledger.open(request, new Weather()).compose(opened -> {
            if (opened instanceof Opened.Elsewhere other) {
                return Future.failedFuture(elsewhere(other));
            }
            if (opened instanceof Opened.Finished done) {
                finished = done.saved();
                name(done.saved());
                return again.isEmpty() ? Future.succeededFuture() : over(done.saved());
            }
            return begin(ledger, (Opened.Mine) opened);
        });
    }

    /** Others have ended it meanwhile. */
    private static Future<Void> over(Saved saved) {
        return Future.failedFuture(
                saved.run().state() == RunState.CANCELLED
                        ? new Cancelled(saved.run().id())
                        : new AlreadyDone(saved));
    }

    private IllegalStateException elsewhere(Opened.Elsewhere other) {
        if (again.isPresent()) {
            return new IllegalStateException("Another process has taken over run " + other.run() + ": " + other.host()
                    + " (pid " + other.pid()
                    + "), for this one gave no sign of life for 30 s. It goes on there; nothing more is written here.");
        }
        return new IllegalStateException(
                "run " + other.run() + " of this flow is under way on " + other.host() + " (pid "
                        + other.pid() + "), heard of " + Quantities.roughly(other.sinceBeat())
                        + " ago. Wait for it, or stop it with `millrace cancel`; a process that died is given up after 30 s.");
    }

    private Future<Void> begin(Ledger ledger, Opened.Mine mine) {
        finished = null;
        name(mine.saved());
        Durability made = new Durability(
                mine.run(),
                ledger.host(),
                mine.saved(),
                mine.resumed(),
                new VertxLoop(post.context()),
                control,
                letters);
        storeId = ledger.storeId();
        durability = made;
        if (checked.shared()) {
            made.share();
        }
        letters.before(mine.saved().run().deadLetters());
        if (!mine.resumed()) {
            LOG.info("run {} begins; what it has done is kept, and `run` goes on with it", made.id());
            fresh = true;
            return Future.succeededFuture();
        }
        if (again.isPresent()) {
            LOG.warn(
                    "this process gave no sign of life for 30 s, and what it had of run {} was given away; it goes on with"
                            + " what there is to do",
                    made.id());
        }
        if (!mine.others().isEmpty()) {
            return join(made, mine);
        }
        return mine.saved().shape().equals(checked.shape())
                ? made.tellQueues()
                : made.queued().compose(holding -> change(made, mine, holding));
    }

    /** The flow is not as it was when the run began. */
    private Future<Void> change(Durability made, Opened.Mine mine, Set<String> holding) {
        Shape.Changes changes = Shape.changes(mine.saved().shape(), checked.shape(), holding);
        if (changes.areRefused(acceptChanges)) {
            return made.leave()
                    .compose(left -> Future.failedFuture(new IllegalStateException(changes.refusal(made.id()))));
        }
        if (changes.all().isEmpty()) {
            return made.tellQueues();
        }
        LOG.info("run {} goes on with a flow that has changed: {}", made.id(), String.join("; ", changes.all()));
        return mine.run()
                .commit(Commit.NOTHING.withShape(checked.shape()))
                .compose(outcome -> outcome instanceof Outcome.Committed
                        ? made.tellQueues()
                        : Future.failedFuture(new IllegalStateException("the changed flow could not be kept")));
    }

    /** Others run it at this moment: all have to deal the work alike. */
    private Future<Void> join(Durability made, Opened.Mine mine) {
        String others = String.join(
                ", ",
                mine.others().stream()
                        .map(member -> member.host() + " (pid " + member.pid() + ")")
                        .toList());
        Shape.Changes changes = Shape.changes(mine.saved().shape(), checked.shape(), Set.of());
        List<String> all = changes.all();
        if (!all.isEmpty()) {
            return made.leave()
                    .compose(left ->
                            Future.failedFuture(new IllegalStateException("run " + made.id() + " is under way on "
                                    + others + " with the flow as it was: " + String.join("; ", all)
                                    + ". Stop it there first: it then goes on here.")));
        }
        LOG.info("joins run {}, which also runs on {}", made.id(), others);
        return Future.succeededFuture();
    }

    /** In a shared run, keeps other processes from doing the same at the same time. */
    Future<Void> alone(String what, Supplier<Future<Void>> work) {
        Durability of = durability;
        return of != null && of.isShared() ? of.alone(what, work) : work.get();
    }

    /** The run goes by the number under which it is kept, in every process. */
    private void name(Saved saved) {
        ObjectNode run = checked.variables().get("run");
        if (run != null) {
            run.put("id", String.valueOf(saved.run().id()));
            run.put("startedAt", saved.run().began().toString());
        }
    }

    /** The durable side of the run; empty if it was finished before. */
    Optional<Durability> durability() {
        return Optional.ofNullable(durability);
    }

    /** Where the run is kept, once it is open. Any thread. */
    Optional<RunSnapshot.Kept> kept() {
        Durability of = durability;
        UUID store = storeId;
        return of == null || store == null
                ? Optional.empty()
                : Optional.of(new RunSnapshot.Kept(store, of.id(), of.resumed(), of.done(), of.lettersBefore()));
    }

    /** Says what of a new run is exactly once, now that it is known. */
    void tellPromises() {
        if (fresh) {
            checked.delivery().forEach(line -> LOG.info("{}", line.promise() == IN_THE_STORE ? found(line) : line));
        }
    }

    private String found(Delivery line) {
        boolean joins =
                durability().flatMap(durable -> durable.vault(line.stage())).isPresent();
        return line.stage() + ": "
                + (joins
                        ? "its rows are written exactly once: they and the progress are committed together"
                        : "its rows are written at least once: its database is not the store");
    }

    /** Bounds what is under way, as the flow says. */
    void bound(Flow flow) {
        long slots =
                flow.stages().values().stream().mapToLong(Stage::concurrency).sum();
        long bytes = flow.limits().hold().orElse(Runtime.getRuntime().maxMemory() / HELD_SHARE);
        durability().ifPresent(durable -> {
            durable.bound(Math.max(MOST_ROOTS, ROOTS_PER_SLOT * slots), bytes);
            durable.watchFailures(flow.limits().spike());
        });
    }

    /** What there is to be done once the sources are open: fails if that is nothing. */
    Future<Void> look(List<SourceVerticle> open) {
        Saved done = finished;
        if (done == null) {
            return Future.succeededFuture();
        }
        Future<Boolean> same = Future.succeededFuture(true);
        for (SourceVerticle source : open) {
            same = same.compose(sofar -> sofar ? source.isAs(done) : Future.succeededFuture(false));
        }
        return same.compose(unchanged -> Future.failedFuture(unchanged ? new AlreadyDone(done) : new Outdated()));
    }

    /** Holds a dead letter with the root of its item. */
    void letter(String stage, Item item, Failure failure) {
        Objects.requireNonNull(durability).letter(stage, item, failure);
    }

    /** Ends the run for this process. */
    Future<Void> end(boolean good, boolean cancelled, IntSupplier exit) {
        Durability of = durability;
        return of == null ? Future.succeededFuture() : of.end(good, cancelled, exit);
    }

    /** What is heard of the store. */
    private static final class Weather implements Presence {
        @Override
        public void away(String why) {
            LOG.warn("the store is away, waiting for it: {}", why);
        }

        @Override
        public void back(Duration after) {
            LOG.info("the store is back after {}", Quantities.roughly(after));
        }
    }
}
