package io.millrace.testkit;

import io.millrace.ledger.Commit;
import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.spi.Failure;
import io.millrace.spi.StoreTransaction;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** A process on a {@link ModelStore}: all in memory, and at once unless participants wait. Passes the contract that the real ledger passes. */
public final class ModelLedger implements Ledger {
    private static final long DEAD_AFTER = 30;
    private static final long SURE = 20;

    private final ModelStore store;
    private boolean silent;
    private boolean closed;
    private long beat;

    public ModelLedger(ModelStore store) {
        this.store = store;
        this.beat = store.now();
    }

    /** Its heart stops. It may go on writing, as a process does that was stopped for a while. */
    public void fallSilent() {
        beat = store.now();
        silent = true;
    }

    boolean isDead() {
        return closed || (silent && store.now() - beat > DEAD_AFTER);
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
        Optional<ModelStore.Run> newest = store.newest(request);
        if (newest.isEmpty() || newest.get().state() == RunState.CANCELLED) {
            return mine(store.begin(request), false, presence);
        }
        ModelStore.Run run = newest.get();
        if (run.state() == RunState.FINISHED) {
            return request.fresh() ? mine(store.begin(request), false, presence) : new Opened.Finished(run.saved());
        }
        ModelLedger owner = run.owner();
        if (owner != null && !owner.isDead()) {
            return new Opened.Elsewhere(run.id(), owner.host(), 1, Duration.ZERO);
        }
        if (request.fresh()) {
            run.end(RunState.CANCELLED, 0);
            return mine(store.begin(request), false, presence);
        }
        return mine(run, true, presence);
    }

    private Opened mine(ModelStore.Run run, boolean resumed, Presence presence) {
        var saved = run.saved();
        return new Opened.Mine(new Held(run, run.claim(this), presence), resumed, saved);
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
    public Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }

    private final class Held implements LedgerRun {
        private final ModelStore.Run run;
        private final Presence presence;
        private long inc;
        private long done;
        private boolean busy;
        private boolean ended;

        Held(ModelStore.Run run, long inc, Presence presence) {
            this.run = run;
            this.inc = inc;
            this.presence = presence;
        }

        @Override
        public long id() {
            return run.id();
        }

        @Override
        public long inc() {
            return inc;
        }

        @Override
        public boolean isSure() {
            return run.owner() == ModelLedger.this && !(silent && store.now() - beat > SURE);
        }

        @Override
        public Future<Outcome> commit(Commit commit) {
            if (busy || ended) {
                return Future.failedFuture(new IllegalStateException("a commit is under way, or the run was closed"));
            }
            busy = true;
            return attempt(commit).onComplete(outcome -> busy = false);
        }

        private Future<Outcome> attempt(Commit commit) {
            ModelStore.Transaction transaction = store.transaction();
            Optional<ModelStore.Cut> cut = store.takeCut();
            return write(commit.participants(), 0, transaction).compose(refused -> {
                if (!run.isHeldBy(inc)) {
                    return Future.succeededFuture(new Outcome.Fenced());
                }
                if (refused.isPresent()) {
                    return Future.succeededFuture(refused.get());
                }
                return cut.isPresent() ? cut(cut.get(), commit, transaction) : apply(commit, transaction);
            });
        }

        private Future<Outcome> apply(Commit commit, ModelStore.Transaction transaction) {
            if (!run.hasLetters(commit.taken())) {
                return Future.succeededFuture(new Outcome.Refused(
                        Failure.of(Failure.Kind.REJECTED, "of the dead letters some are gone"), Outcome.NOBODY));
            }
            run.apply(inc, commit);
            transaction.keep();
            return Future.succeededFuture(new Outcome.Committed(++done));
        }

        /** The line breaks at COMMIT. A new incarnation finds out what became of it, and a late one comes to nothing. */
        private Future<Outcome> cut(ModelStore.Cut cut, Commit commit, ModelStore.Transaction transaction) {
            presence.away("the line was cut");
            Future<Outcome> first =
                    cut == ModelStore.Cut.ANSWER_LOST ? apply(commit, transaction) : Future.succeededFuture(null);
            inc = run.move(inc);
            presence.back(Duration.ZERO);
            return first.compose(outcome -> outcome == null ? attempt(commit) : Future.succeededFuture(outcome));
        }

        private Future<Optional<Outcome>> write(
                List<Function<StoreTransaction, Future<Void>>> participants,
                int index,
                ModelStore.Transaction transaction) {
            if (index == participants.size()) {
                return Future.succeededFuture(Optional.empty());
            }
            return participants
                    .get(index)
                    .apply(transaction)
                    .compose(
                            done -> write(participants, index + 1, transaction),
                            thrown -> Future.succeededFuture(
                                    Optional.of(new Outcome.Refused(Failure.from(thrown), index))));
        }

        @Override
        public Future<Outcome> close(RunState state, int exitCode) {
            if (busy || ended) {
                return Future.failedFuture(new IllegalStateException("a commit is under way, or the run was closed"));
            }
            ended = true;
            if (!run.isHeldBy(inc)) {
                return Future.succeededFuture(new Outcome.Fenced());
            }
            run.end(state, exitCode);
            return Future.succeededFuture(new Outcome.Committed(++done));
        }
    }
}
