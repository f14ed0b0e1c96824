package io.millrace.faults;

import io.millrace.testkit.CuttingProxy;
import io.millrace.testkit.ModelStore.Cut;
import io.millrace.testkit.Program;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** The lines to the store break, each in another way; the process lives on. */
final class Lines implements Fault {
    private static final Duration OUTAGE = Duration.ofMillis(1500);
    private static final Duration LATENCY = Duration.ofMillis(50);

    /** How they break. */
    enum Break {
        DROPPED,
        REFUSED,
        SLOW,
        COMMIT_LOST,
        ANSWER_LOST,
        COMMIT_LATE,
        BLACK_HOLE,
        HALF_OPEN
    }

    private final Recovery recovery;
    private final Break[] ways;

    /** @param ways that are tried */
    Lines(Recovery recovery, Break... ways) {
        this.recovery = recovery;
        this.ways = ways;
    }

    @Override
    public Optional<Program> strike(Site site, Program program, Random random) {
        recovery.begin(site, program);
        if (program.isAlive()) {
            Break way = ways[random.nextInt(ways.length)];
            breakThem(way, site.store().proxy(), program);
            recovery.await(site, program, way.name());
        }
        return Optional.of(program);
    }

    private static void breakThem(Break way, CuttingProxy proxy, Program program) {
        switch (way) {
            case DROPPED -> proxy.drop();
            case REFUSED -> {
                proxy.refuse(true);
                proxy.drop();
                program.endsWithin(OUTAGE);
                proxy.refuse(false);
            }
            case SLOW -> {
                proxy.slow(LATENCY);
                program.endsWithin(OUTAGE);
                proxy.slow(Duration.ZERO);
            }
            case COMMIT_LOST -> proxy.cut(Cut.COMMIT_LOST);
            case ANSWER_LOST -> proxy.cut(Cut.ANSWER_LOST);
            case COMMIT_LATE -> proxy.cut(Cut.COMMIT_LATE);
            case BLACK_HOLE -> proxy.blackHole();
            case HALF_OPEN -> proxy.halfOpen();
        }
    }
}
