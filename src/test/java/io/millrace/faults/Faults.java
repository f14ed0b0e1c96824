package io.millrace.faults;

import io.millrace.faults.Lines.Break;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Storms for nights.
 *
 * <pre>mvn -q test-compile exec:exec@faults -Dfaults.args="kills 1000"</pre>
 *
 * <p>Scenario, number of strikes, and the seed if it is to be an earlier one. The scenarios:
 *
 * <ul>
 *   <li>{@code kills}: kill -9 and SIGTERM at any moment, from the first;
 *   <li>{@code pairs}: kill -9 and SIGTERM of either of two processes that share a run;
 *   <li>{@code firsts}: kill -9, each run with a store that is still to be made;
 *   <li>{@code restarts}: the embedded server is stopped at once, and started by the process that needs it;
 *   <li>{@code lines}: lines to a server elsewhere are dropped, refused, slow, cut on COMMIT, silent, half open;
 *   <li>{@code mixed}: all of these, against a server elsewhere that is restarted too;
 *   <li>{@code pauses}: SIGSTOP for longer than the heartbeat may be silent, with and without another process that takes over;
 *   <li>{@code disk}: no room left for files and store (as root: it mounts a file system of its own).
 * </ul>
 *
 * With {@code -queued} behind its name, a scenario has a durable queue between the stages.
 */
public final class Faults {
    private static final int RECORDS = 4000;
    private static final String QUEUED = "-queued";
    private static final int TELL_EVERY = 10;

    /** No hang is longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(35);

    private final Path folder;
    private final boolean queued;
    private final long seed;
    private final Recovery recovery = new Recovery(PATIENCE);
    private final long begin = System.nanoTime();

    private Faults(Path folder, boolean queued, long seed) {
        this.folder = folder;
        this.queued = queued;
        this.seed = seed;
    }

    public static void main(String[] args) throws IOException {
        String named = args.length > 0 ? args[0] : "kills";
        boolean queued = named.endsWith(QUEUED);
        String scenario = queued ? named.substring(0, named.length() - QUEUED.length()) : named;
        int strikes = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : System.nanoTime();
        Path folder = Files.createTempDirectory("faults");
        System.out.printf("%d %s, seed %d, in %s%n", strikes, named, seed, folder);
        new Faults(folder, queued, seed).run(scenario, strikes);
        System.out.println("nothing was lost, nothing is there twice");
    }

    private void run(String scenario, int strikes) {
        switch (scenario) {
            case "kills" -> rage(embedded(), killed(), strikes);
            case "pairs" -> pairs(strikes);
            case "firsts" -> firsts(strikes);
            case "restarts" -> rage(embedded(), new Restart(recovery), strikes);
            case "lines" -> rage(shared(), lines(), strikes);
            case "mixed" -> rage(shared(), Fault.any(List.of(killed(), new Restart(recovery), lines())), strikes);
            case "pauses" -> rage(shared(), new Pause(recovery), strikes);
            case "disk" -> disk(strikes);
            default -> throw new IllegalArgumentException("no such scenario: " + scenario);
        }
    }

    private Store embedded() {
        return Store.embedded(folder.resolve("state"));
    }

    private Store shared() {
        return Store.shared(folder.resolve("state"));
    }

    private static Fault killed() {
        return Fault.any(List.of(Fault.kill(), Fault.kill(), Fault.kill(), Fault.terminate()));
    }

    private Fault lines() {
        return new Lines(recovery, Break.values());
    }

    private void rage(Store in, Fault fault, int strikes) {
        try (in) {
            new Storm(folder, in, RECORDS, queued, seed).rage(fault, strikes, this::tell);
        }
    }

    private void pairs(int strikes) {
        try (Store in = embedded()) {
            new Pair(folder, in, RECORDS, seed).rage(killed(), strikes);
        }
    }

    private void tell(Storm storm) {
        if (storm.strikes() % TELL_EVERY == 0) {
            System.out.printf(
                    "%,d s: %d strikes, %d runs; slowest recovery %d ms%n",
                    (System.nanoTime() - begin) / 1_000_000_000L,
                    storm.strikes(),
                    storm.sites(),
                    recovery.slowest().toMillis());
        }
    }

    private void firsts(int strikes) {
        int each = 5;
        for (int i = 0; i < strikes; i += each) {
            try (Store fresh = Store.embedded(folder.resolve("state" + i))) {
                new Storm(folder.resolve("in" + i), fresh, RECORDS / 20, queued, seed + i)
                        .rage(Fault.kill(), each, this::tell);
            }
        }
    }

    private void disk(int strikes) {
        try (FullDisk disk = new FullDisk(folder, recovery)) {
            rage(embedded(), disk, strikes);
        }
    }
}
