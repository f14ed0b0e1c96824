package io.millrace.ledger;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run that belongs to this process, until another takes it over; a shared one belongs to several.
 *
 * <p>One commit at a time: the next may be given when the last has completed. All else may be asked for at any time, beside a commit too, and is
 * done in the order of asking. Nothing fails while the store is away, it waits. If the run is no longer this process's, a commit is {@link Outcome.Fenced}
 * and all else fails with {@link FencedException}. Futures complete on the context of the caller.
 */
public interface LedgerRun {
    /** Rows of a queue that are counted one by one; of more, their number is an estimate. */
    long COUNTED = 10_000;

    long id();

    /** The incarnation: the fence behind which this process writes. It changes when an unknown commit has been resolved; claims and leases stay. */
    long inc();

    /**
     * Keeps all of it or nothing. What was meant to be kept by a commit that was not committed is no longer meant so: every commit says all that it is about.
     *
     * @throws IllegalStateException in the future, if another is under way or the run was closed
     */
    Future<Outcome> commit(Commit commit);

    /**
     * Ends the run for this process: FINISHED and CANCELLED are for good, UNFINISHED goes on at the next opening. What is still claimed and leased is free. Waits
     * for the store. A run to be FINISHED stays unfinished while another process has it open, and if rows are queued: dead letters may have been replayed meanwhile.
     */
    Future<Outcome> close(RunState state, int exitCode);

    /**
     * Whether the store confirmed within the last 20 s that the run is still ours. To be asked before writing what no fence guards, such as files:
     * after a long stop of this process another may own them.
     */
    boolean isSure();

    /** All that is kept of the run now. After a lease of a source was won, this tells where to go on. */
    Future<Saved> saved();

    /**
     * Takes rows of a stage's queue, at most so many. Rows that were given back come when they are due, all others in the order of their ids as far as rows that
     * are enqueued at the same time allow; rows with buckets in exactly that order.
     *
     * @param buckets rows of these, and rows without a key; null: all rows
     */
    Future<List<Claimed>> claim(String stage, int limit, @Nullable Set<Integer> buckets);

    /**
     * Whether no row of a stage's queue is left to be claimed, now or later: rows that wait for their moment are counted. A {@link #claim} that yields nothing does
     * not say as much.
     *
     * @param buckets as of a claim
     */
    Future<Boolean> isDry(String stage, @Nullable Set<Integer> buckets);

    /** Lets claimed rows go; ids that are not claimed by this process are passed over. */
    Future<Void> giveBack(List<GivenBack> rows);

    /**
     * How many rows each stage's queue holds, waiting or claimed by anybody; stages without any are absent. Absent means that there were none; a
     * number above {@link #COUNTED} is an estimate, and may be some seconds old.
     */
    Future<Map<String, Long>> backlog();

    /** Takes what nobody has; yields the names that are this process's now. */
    Future<Set<String>> lease(String kind, Collection<String> names);

    default Future<Boolean> lease(String kind, String name) {
        return lease(kind, List.of(name)).map(mine -> mine.contains(name));
    }

    Future<Void> release(String kind, Collection<String> names);

    /** All leases of the run, this process's and others'. */
    Future<List<Lease>> leases();

    /** Other living processes that run it. */
    Future<List<Member>> others();

    /** See {@link Permits}. May give fewer than are wanted, at least one each; no process gets more than half a second's worth at once. */
    Future<List<Permits.Reserved>> reserve(List<Permits.Wanted> wanted);

    /** Wants one of the permits of a lock. All who ask for the same lock name the same number. */
    SharedLock lock(String name, int permits);

    /**
     * Asks whether the run has come to its end. Once it has, it stays so unless dead letters are replayed.
     *
     * @param sources stages whose sources must have ended, with nothing pending
     */
    Future<Ending> ending(Set<String> sources);

    /**
     * Whether a part of the run is done: its sources have ended, with nothing pending, and the queues of its stages hold no rows, neither waiting nor claimed
     * by anybody. If nothing else feeds these queues it stays so, unless dead letters are replayed.
     */
    default Future<Boolean> isDone(Set<String> sources, Set<String> stages) {
        return saved().compose(saved -> sources.stream().allMatch(source -> hasEnded(saved, source))
                ? backlog().map(rows -> stages.stream().noneMatch(rows::containsKey))
                : Future.succeededFuture(false));
    }

    private static boolean hasEnded(Saved saved, String source) {
        List<Progress> parts = saved.progress().stream()
                .filter(part -> part.stage().equals(source))
                .toList();
        return !parts.isEmpty()
                && parts.stream()
                        .allMatch(part -> part.ended() && part.pending().isEmpty());
    }
}
