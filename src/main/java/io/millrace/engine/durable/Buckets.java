package io.millrace.engine.durable;

import io.millrace.ledger.Lease;
import io.millrace.ledger.LedgerRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * This process's share of the keys of one queue. Keys are dealt in buckets, each of which belongs to one process at a time, so that items of one key run in one
 * place, in their order. A bucket is given away only when nothing of it is under way here; that is why nothing of it is claimed from the moment it is to go. Confined to
 * the queue's loop, but for {@link #left}.
 */
final class Buckets {
    static final int COUNT = 256;

    private final LedgerRun run;
    private final String kind;
    private final RandomGenerator random;
    private final boolean rests;
    private final Set<Integer> mine = new TreeSet<>();
    private final Set<Integer> leaving = new TreeSet<>();
    private final AtomicIntegerArray underWay = new AtomicIntegerArray(COUNT);

    /** @param rests whether rows may be under way as long as more of their key come: their buckets stay here */
    Buckets(LedgerRun run, String stage, boolean rests, RandomGenerator random) {
        this.random = random;
        this.run = run;
        this.rests = rests;
        this.kind = "bucket " + stage;
    }

    String kind() {
        return kind;
    }

    /** Rows of these may be claimed; null: all rows. */
    @Nullable
    Set<Integer> claimable() {
        return mine.size() == COUNT ? null : Set.copyOf(mine);
    }

    boolean isEmpty() {
        return mine.isEmpty();
    }

    /** A row of a bucket was claimed. */
    void came(int bucket) {
        if (bucket >= 0) {
            underWay.incrementAndGet(bucket);
        }
    }

    /** It is gone. */
    void left(int bucket) {
        if (bucket >= 0) {
            underWay.decrementAndGet(bucket);
        }
    }

    /** What to ask for so that all have as much, in random order, lest all ask for the same. */
    List<String> wanted(List<Lease> leases, int processes) {
        Set<String> taken = new HashSet<>();
        leases.stream().filter(lease -> lease.kind().equals(kind)).forEach(lease -> taken.add(lease.name()));
        int missing = share(processes) - mine.size();
        List<String> free = new ArrayList<>(IntStream.range(0, COUNT)
                .mapToObj(String::valueOf)
                .filter(bucket -> !taken.contains(bucket))
                .toList());
        shuffle(free);
        return free.subList(0, Math.max(0, Math.min(missing, free.size())));
    }

    /** They are ours now. */
    void won(Collection<String> names) {
        names.stream()
                .map(Integer::valueOf)
                .filter(bucket -> !leaving.contains(bucket))
                .forEach(mine::add);
    }

    /**
     * Stops claiming of what is more than our share: of busy buckets and of empty ones alike, for where there are few keys most are empty. To be called when no claim
     * is under way.
     */
    void shrink(int processes) {
        List<Integer> order = new ArrayList<>(mine);
        order.removeIf(bucket -> rests && underWay.get(bucket) > 0);
        shuffle(order);
        order.sort((one, other) -> Integer.compare(underWay.get(other), underWay.get(one)));
        int surplus = Math.max(0, Math.min(mine.size() - share(processes), order.size()));
        for (int i = 0; i < order.size(); i++) {
            boolean goes = (i + 1) * surplus / order.size() > i * surplus / order.size(); // evenly, from the busiest on
            if (goes) {
                mine.remove(order.get(i));
                leaving.add(order.get(i));
            }
        }
    }

    /** Lets those go of which nothing is under way any more. */
    void release() {
        List<Integer> quiet =
                leaving.stream().filter(bucket -> underWay.get(bucket) == 0).toList();
        if (!quiet.isEmpty()) {
            leaving.removeAll(quiet);
            run.release(kind, quiet.stream().map(String::valueOf).toList());
        }
    }

    private <T> void shuffle(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }

    private static int share(int processes) {
        return (COUNT + processes - 1) / processes;
    }
}
