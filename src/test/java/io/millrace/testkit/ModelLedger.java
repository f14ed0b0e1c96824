package io.millrace.testkit;

import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.Member;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.RunWork;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A process on a {@link ModelStore}: all in memory, and at once unless participants wait. Passes the contract that the real ledger passes. */
public final class ModelLedger implements Ledger {
    private static final long DEAD_AFTER_MS = 30_000;

    private final ModelStore store;
    private boolean silent;
    private boolean closed;
    private long beat;

    public ModelLedger(ModelStore store) {
        this.store = store;
        this.beat = store.now();
        store.join(this);
    }

    /** A beat of its heart has arrived; from now on it is alive by these alone. */
    public void beat() {
        beat = store.now();
        silent = true;
    }

    /** Its heart stops. It may go on writing, as a process does that was stopped for a while. */
    public void fallSilent() {
        beat = store.now();
        silent = true;
    }

    /** It beats again. */
    public void speak() {
        silent = false;
    }

    boolean isDead() {
        return closed || silence() > DEAD_AFTER_MS;
    }

    /** For how long it has not beaten. */
    long silence() {
        return silent ? store.now() - beat : 0;
    }

    @Override
    public UUID storeId() {
        return store.id();
    }

    @Override
    public String host() {
        return "model";
    }

    @Override
    public Future<Opened> open(RunRequest request, Presence presence) {
        return Future.succeededFuture(opened(request, presence));
    }

    private Opened opened(RunRequest request, Presence presence) {
        Optional<ModelRun> newest = store.newest(request);
        Long again = request.again();
        if (again != null
                && newest.filter(run -> run.id() == again && run.state() == RunState.UNFINISHED)
                        .isEmpty()) {
            return new Opened.Finished(store.all().stream()
                    .filter(run -> run.id() == again)
                    .findFirst()
                    .orElseThrow()
                    .saved());
        }
        if (newest.isEmpty() || newest.get().state() == RunState.CANCELLED) {
            return mine(store.begin(request), false, presence);
        }
        ModelRun run = newest.get();
        if (run.state() == RunState.FINISHED) {
            return request.fresh() ? mine(store.begin(request), false, presence) : new Opened.Finished(run.saved());
        }
        // Even a process of the same JVM may be dead.
        run.live().stream()
                .map(ModelHeld::ledger)
                .filter(ModelLedger::isDead)
                .findFirst()
                .ifPresent(dead -> run.sweep(null));
        List<ModelHeld> live = run.live();
        boolean joins = request.shared() && run.isShared() && !request.fresh();
        if (!live.isEmpty() && !joins) {
            return new Opened.Elsewhere(run.id(), live.get(0).ledger().host(), 1, Duration.ZERO);
        }
        if (request.fresh()) {
            run.end(RunState.CANCELLED);
            return mine(store.begin(request), false, presence);
        }
        return mine(run, true, presence);
    }

    private Opened mine(ModelRun run, boolean resumed, Presence presence) {
        var saved = run.saved();
        List<Member> others = run.others(this);
        return new Opened.Mine(new ModelHeld(this, store, run, presence), resumed, saved, others);
    }

    @Override
    public Future<List<RunSummary>> runs() {
        return Future.succeededFuture(store.runs());
    }

    @Override
    public Future<List<KeptLetter>> deadLetters(long run, long after, int limit) {
        return Future.succeededFuture(store.letters(run).stream()
                .filter(letter -> letter.id() > after)
                .limit(limit)
                .toList());
    }

    @Override
    public Future<Integer> drop(List<Long> letters) {
        return Future.succeededFuture(store.drop(letters));
    }

    @Override
    public Future<Integer> replay(List<Long> letters) {
        return Future.succeededFuture(store.replay(letters));
    }

    @Override
    public Future<Boolean> cancel(long run, int exitCode) {
        return Future.succeededFuture(store.run(run)
                .filter(found -> found.state() == RunState.UNFINISHED)
                .map(found -> found.cancel(exitCode))
                .isPresent());
    }

    @Override
    public Future<List<RunWork>> work() {
        List<RunWork> work = new ArrayList<>();
        store.all().stream().filter(run -> run.state() == RunState.UNFINISHED).forEach(run -> work.add(0, run.work()));
        return Future.succeededFuture(work);
    }

    @Override
    public Future<List<Member>> members() {
        return Future.succeededFuture(store.members().stream()
                .filter(member -> !member.isDead())
                .map(ModelLedger::member)
                .toList());
    }

    Member member() {
        List<Member.Part> parts = store.all().stream()
                .flatMap(run -> run.live().stream()
                        .filter(held -> held.ledger() == this)
                        .map(run::part))
                .toList();
        return new Member(host(), 1, Duration.ofMillis(silence()), parts);
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }
}
