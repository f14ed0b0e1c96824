package io.millrace.faults;

import io.millrace.testkit.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets a fault strike a number of times, at random moments, whatever runs; what has ended is audited, and the next begins. */
final class Storm {
    private static final Duration GLANCE = Duration.ofMillis(10);
    private static final Duration END = Duration.ofMinutes(3);
    private static final int START_MS = 1500;
    private static final int WORK_MS = 1000;

    /**
     * How large a run is.
     *
     * @param queued whether its items go through durable queues; without them it is one process that runs it
     * @param nodes processes at a time
     */
    record Scale(int records, boolean queued, int nodes) {
        static Scale single(int records) {
            return new Scale(records, false, 1);
        }

        static Scale queued(int records, int nodes) {
            return new Scale(records, true, nodes);
        }
    }

    private final Path folder;
    private final Store store;
    private final Scale scale;
    private final long seed;
    private final Random random;
    private final List<Program> running = new ArrayList<>();
    private int sites;
    private int struck;
    private @Nullable Site site;

    Storm(Path folder, Store store, Scale scale, long seed) {
        this.folder = folder;
        this.store = store;
        this.scale = scale;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** How many runs there were. */
    int sites() {
        return sites;
    }

    /** How often the fault has struck. */
    int strikes() {
        return struck;
    }

    void rage(Fault fault, int strikes) {
        rage(fault, strikes, storm -> {});
    }

    /** @param heard is told after each strike */
    void rage(Fault fault, int strikes, Consumer<Storm> heard) {
        try {
            storm(fault, strikes, heard);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ", strike " + (struck + 1) + ". Again: -Dfaults.seed=" + seed
                            + " behind mvn -q test -Dtest='CrashTest#…', or as the third of -Dfaults.args. "
                            + e.getMessage(),
                    e);
        }
    }

    private void storm(Fault fault, int strikes, Consumer<Storm> heard) {
        try {
            while (struck < strikes) {
                Site now = site();
                Program victim = running.get(random.nextInt(running.size()));
                if (comes(victim)) {
                    running.remove(victim);
                    fault.strike(now, victim, random).ifPresent(running::add);
                    struck++;
                    heard.accept(this);
                } else if (!running.removeIf(Site::cameTooEarly)) {
                    conclude(now);
                }
            }
            if (site != null) {
                conclude(site());
            }
        } finally {
            if (site != null) {
                site.abandon();
            }
        }
    }

    /** One has ended by itself, or will: so will the others. */
    private void conclude(Site now) {
        now.conclude(running, END);
        site = null;
        running.clear();
    }

    /** Where a run is under way, by as many processes as there should be. */
    private Site site() {
        Site now = site;
        if (now == null) {
            Workload workload = Workload.of(random, scale.records(), scale.queued());
            now = new Site(folder.resolve("storm_" + sites++), store, workload);
            site = now;
        }
        while (running.size() < scale.nodes()) {
            running.add(now.start());
        }
        return now;
    }

    /** Waits for a random moment, in the beginning of a process or while it works; false if it has ended before that. */
    private boolean comes(Program victim) {
        if (random.nextBoolean()) {
            return !victim.endsWithin(Duration.ofMillis(random.nextInt(START_MS)));
        }
        long deadline = System.nanoTime() + END.toNanos();
        while (!Site.isUnderWay(victim)) {
            if (victim.endsWithin(GLANCE)) {
                return false;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it does not begin: " + victim.err());
            }
        }
        return !victim.endsWithin(Duration.ofMillis(random.nextInt(WORK_MS)));
    }
}
