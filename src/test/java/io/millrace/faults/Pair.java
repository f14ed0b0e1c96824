package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Two processes that share a run. At random moments one of them is struck, and another takes its place; what has ended is audited, and the next begins. */
final class Pair {
    /** A process that fell silent is taken for dead after 30 s. */
    private static final Duration END = Duration.ofMinutes(4);

    private static final int MOST_MS = 4000;

    private final Path folder;
    private final Store store;
    private final int records;
    private final Random random;
    private final List<Program> nodes = new ArrayList<>();
    private @Nullable Site site;
    private int sites;
    private int struck;

    /** @param records of each run */
    Pair(Path folder, Store store, int records, long seed) {
        this.folder = folder;
        this.store = store;
        this.records = records;
        this.random = new Random(seed);
    }

    /** How many runs there were. */
    int sites() {
        return sites;
    }

    void rage(Fault fault, int strikes) {
        try {
            while (struck < strikes) {
                Site now = site();
                int victim = random.nextInt(nodes.size());
                if (nodes.get(victim).endsWithin(Duration.ofMillis(random.nextInt(MOST_MS)))) {
                    conclude(now);
                } else {
                    strike(fault, now, victim);
                }
            }
            if (site != null) {
                conclude(site);
            }
        } finally {
            if (site != null) {
                site.abandon();
            }
        }
    }

    private void strike(Fault fault, Site now, int victim) {
        Program left = fault.strike(now, nodes.get(victim), random).orElseGet(now::start);
        nodes.set(victim, left);
        struck++;
    }

    private Site site() {
        Site now = site;
        if (now == null) {
            now = new Site(folder.resolve("pair_" + sites++), store, Workload.of(random, records, true));
            site = now;
            nodes.add(now.start());
            nodes.add(now.start());
        }
        return now;
    }

    /** Both end by themselves, one soon after the other, and alike. */
    private void conclude(Site now) {
        for (Program node : nodes) {
            assertThat(node.exitCode(END)).as(now::story).isEqualTo(Site.DONE_BUT_DEAD_LETTERS);
        }
        now.conclude(nodes.get(0), END);
        nodes.clear();
        site = null;
    }
}
