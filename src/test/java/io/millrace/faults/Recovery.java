package io.millrace.faults;

import io.millrace.testkit.Program;
import java.time.Duration;

/** Waits until commits go on, and remembers the longest time that took. */
final class Recovery {
    private static final Duration GLANCE = Duration.ofMillis(20);

    private final Duration bound;
    private Duration slowest = Duration.ZERO;
    private String of = "nothing";

    /** @param bound beyond which it has failed */
    Recovery(Duration bound) {
        this.bound = bound;
    }

    Duration slowest() {
        return slowest;
    }

    /** Of which fault the slowest was. */
    String of() {
        return of;
    }

    /** Waits for the first commit of a process that has just been started, maybe: that is no recovery. */
    void begin(Site site, Program program) {
        await(site, program);
    }

    /** Returns when there is more in the file than now, or when the process has ended. */
    void await(Site site, Program program, String fault) {
        Duration took = await(site, program);
        if (took.compareTo(slowest) > 0) {
            slowest = took;
            of = fault;
        }
    }

    private Duration await(Site site, Program program) {
        long begin = System.nanoTime();
        Duration took = Duration.ZERO;
        for (long least = site.written(); site.written() <= least && !program.endsWithin(GLANCE); ) {
            least = Math.min(least, site.written());
            took = Duration.ofNanos(System.nanoTime() - begin);
            if (took.compareTo(bound) > 0) {
                throw new AssertionError("nothing was committed for " + bound.toSeconds() + " s in " + site.story());
            }
        }
        return program.isAlive() ? took : Duration.ZERO; // what it did last of all is not known
    }
}
