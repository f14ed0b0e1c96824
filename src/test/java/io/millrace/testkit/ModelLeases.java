package io.millrace.testkit;

import io.millrace.ledger.Lease;
import io.millrace.ledger.Permits.Reserved;
import io.millrace.ledger.Permits.Wanted;
import io.millrace.ledger.SharedLock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Leases, locks and rates of a run. */
final class ModelLeases {
    private static final double MOST_SECONDS = 0.5;

    private record Name(String kind, String name) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            return toString().compareTo(other.toString());
        }
    }

    private final ModelStore store;
    private final Map<Name, ModelHeld> leases = new TreeMap<>();
    private final Map<String, List<Wish>> locks = new HashMap<>();
    private final Map<String, Long> rates = new HashMap<>();

    ModelLeases(ModelStore store) {
        this.store = store;
    }

    Set<String> lease(String kind, Collection<String> names, ModelHeld by) {
        Set<String> mine = new HashSet<>();
        for (String name : names) {
            if (leases.computeIfAbsent(new Name(kind, name), absent -> by) == by) {
                mine.add(name);
            }
        }
        return mine;
    }

    void release(String kind, Collection<String> names, ModelHeld by) {
        names.forEach(name -> leases.remove(new Name(kind, name), by));
    }

    /** All that it had. */
    void release(ModelHeld gone) {
        leases.values().removeIf(held -> held == gone);
        locks.values().forEach(wishes -> wishes.removeIf(wish -> wish.by == gone));
        locks.values().forEach(ModelLeases::serve);
    }

    List<Lease> all(ModelHeld asked) {
        List<Lease> all = new ArrayList<>();
        leases.forEach((name, held) -> all.add(new Lease(name.kind(), name.name(), held == asked)));
        return all;
    }

    /** Whose each is, by process. */
    List<String> all() {
        return leases.entrySet().stream()
                .map(lease -> lease.getKey() + " "
                        + System.identityHashCode(lease.getValue().ledger()))
                .toList();
    }

    List<String> names(ModelHeld held) {
        return all(held).stream()
                .filter(Lease::mine)
                .map(lease -> lease.kind() + " " + lease.name())
                .toList();
    }

    SharedLock lock(String name, int permits, ModelHeld by) {
        Wish wish = new Wish(name, permits, by);
        List<Wish> wishes = locks.computeIfAbsent(name, absent -> new ArrayList<>());
        wishes.add(wish);
        serve(wishes);
        return wish;
    }

    private static void serve(List<Wish> wishes) {
        for (int i = 0; i < wishes.size() && i < wishes.get(i).permits; i++) {
            wishes.get(i).held.tryComplete();
        }
    }

    private final class Wish implements SharedLock {
        private final String name;
        private final int permits;
        private final ModelHeld by;
        private final Promise<Void> held = Promise.promise();

        Wish(String name, int permits, ModelHeld by) {
            this.name = name;
            this.permits = permits;
            this.by = by;
        }

        @Override
        public Future<Void> held() {
            return held.future();
        }

        @Override
        public void release() {
            List<Wish> wishes = locks.getOrDefault(name, List.of());
            if (wishes.remove(this)) {
                serve(wishes);
            }
        }
    }

    /** Slots, one after another; those of the past count as far as the burst goes. */
    Reserved reserve(Wanted wanted) {
        double every = wanted.every().toNanos() / 1e6;
        int count = (int) Math.max(1, Math.min(wanted.count(), Math.max(wanted.burst(), MOST_SECONDS * 1_000 / every)));
        String key = wanted.name() + "\n" + wanted.key();
        double slot = Math.max(rates.getOrDefault(key, Long.MIN_VALUE / 2), store.now() - every * (wanted.burst() - 1));
        rates.put(key, Math.round(slot + count * every));
        return new Reserved(Duration.ofNanos(Math.round((slot - store.now()) * 1e6)), wanted.every(), count);
    }
}
