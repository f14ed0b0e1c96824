package io.millrace.store.ledger;

import io.millrace.ledger.SharedLock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Locks over processes: each permit is a lease. Wishes of this process wait in line here; while there are any and permits are elsewhere, the store is asked
 * every so often. A permit goes from one wish to the next without the store, but not for long: others wait too.
 */
final class Locks {
    private static final String KIND = "lock";
    private static final long FIRST_PAUSE_MS = 10;
    private static final long LONGEST_PAUSE_MS = 250;
    private static final long OURS_FOR_NS = 100_000_000;

    private final Home home;
    private final Desk desk;
    private final Leases leases;
    private final Map<String, Lock> locks = new HashMap<>();

    Locks(Home home, Desk desk, Leases leases) {
        this.home = home;
        this.desk = desk;
        this.leases = leases;
    }

    SharedLock want(String name, int permits) {
        Wish wish = new Wish();
        home.run(() ->
                locks.computeIfAbsent(name, absent -> new Lock(name, permits)).add(wish));
        return wish;
    }

    /** A lease that is ours, and since when. */
    private record Permit(String name, long since) {}

    private final class Wish implements SharedLock {
        private final Promise<Void> held = Promise.promise();
        private boolean over;

        @Override
        public Future<Void> held() {
            return held.future();
        }

        @Override
        public void release() {
            home.run(() -> {
                if (!over) {
                    over = true;
                    letGo.run();
                }
            });
        }

        private Runnable letGo = () -> {};
    }

    private final class Lock {
        private final String name;
        private final List<String> places;
        private final Deque<Wish> wishes = new ArrayDeque<>();
        private final Set<String> used = new TreeSet<>();
        private boolean asking;
        private long pause = FIRST_PAUSE_MS;

        Lock(String name, int permits) {
            this.name = name;
            this.places =
                    IntStream.range(0, permits).mapToObj(i -> name + "#" + i).toList();
        }

        void add(Wish wish) {
            if (wish.over) {
                return;
            }
            wish.letGo = () -> wishes.remove(wish);
            wishes.add(wish);
            ask();
        }

        private void ask() {
            if (asking || wishes.isEmpty() || used.size() == places.size()) {
                return;
            }
            asking = true;
            desk.write(leases.takeAny(KIND, places, wishes.size()))
                    .onSuccess(this::taken)
                    .onFailure(this::fail);
        }

        private void taken(Set<String> ours) {
            long now = System.nanoTime();
            int before = wishes.size();
            ours.stream().filter(place -> !used.contains(place)).forEach(place -> give(new Permit(place, now)));
            pause = wishes.size() < before ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, 2 * pause);
            home.pause(pause / 2 + ThreadLocalRandom.current().nextLong(pause)).onComplete(waited -> {
                asking = false;
                ask();
            });
        }

        private void give(Permit permit) {
            Wish wish = wishes.poll();
            if (wish == null) {
                giveBack(permit);
                return;
            }
            used.add(permit.name());
            wish.letGo = () -> free(permit);
            wish.held.complete();
        }

        private void free(Permit permit) {
            used.remove(permit.name());
            if (!wishes.isEmpty() && System.nanoTime() - permit.since() < OURS_FOR_NS) {
                give(permit);
            } else {
                giveBack(permit);
            }
        }

        /** Used until that is done: else a wish might find it to be ours, and lose it. */
        private void giveBack(Permit permit) {
            used.add(permit.name());
            desk.write(leases.release(KIND, List.of(permit.name()))).onComplete(done -> {
                used.remove(permit.name());
                tidy();
                ask();
            });
        }

        private void tidy() {
            if (used.isEmpty() && wishes.isEmpty() && !asking) {
                locks.remove(name, this);
            }
        }

        private void fail(Throwable thrown) {
            asking = false;
            for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
                wish.letGo = () -> {};
                wish.held.fail(thrown);
            }
        }
    }
}
