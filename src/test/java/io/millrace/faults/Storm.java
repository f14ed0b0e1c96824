package io.millrace.faults;

import io.millrace.testkit.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets a fault strike a number of times, at random moments, whatever runs; what has ended is audited, and the next begins. */
final class Storm {
    private static final Duration GLANCE = Duration.ofMillis(10);
    private static final Duration END = Duration.ofMinutes(3);
    private static final int START_MS = 1500;
    private static final int WORK_MS = 1000;

    private final Path folder;
    private final Store store;
    private final int records;
    private final boolean queued;
    private final Random random;
    private int sites;
    private int struck;
    private @Nullable Site site;
    private @Nullable Program program;

    /**
     * @param records of each run
     * @param queued whether some of them go through a durable queue
     */
    Storm(Path folder, Store store, int records, boolean queued, long seed) {
        this.folder = folder;
        this.store = store;
        this.records = records;
        this.queued = queued;
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
            while (struck < strikes) {
                Site now = site();
                Program running = program(now);
                if (comes(running)) {
                    program = fault.strike(now, running, random).orElse(null);
                    struck++;
                    heard.accept(this);
                } else {
                    conclude(now, running);
                }
            }
            if (site != null) {
                conclude(site, program(site));
            }
        } finally {
            if (site != null) {
                site.abandon();
            }
        }
    }

    private void conclude(Site now, Program running) {
        now.conclude(running, END);
        site = null;
        program = null;
    }

    private Site site() {
        Site now = site;
        if (now == null) {
            now = new Site(folder.resolve("storm_" + sites++), store, Workload.of(random, records, queued));
            site = now;
        }
        return now;
    }

    private Program program(Site now) {
        Program running = program == null ? now.start() : program;
        program = running;
        return running;
    }

    /** Waits for a random moment, in the beginning of a process or while it works; false if it has ended before that. */
    private boolean comes(Program running) {
        if (random.nextBoolean()) {
            return !running.endsWithin(Duration.ofMillis(random.nextInt(START_MS)));
        }
        long deadline = System.nanoTime() + END.toNanos();
        while (!Site.isUnderWay(running)) {
            if (running.endsWithin(GLANCE)) {
                return false;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it does not begin: " + running.err());
            }
        }
        return !running.endsWithin(Duration.ofMillis(random.nextInt(WORK_MS)));
    }
}
