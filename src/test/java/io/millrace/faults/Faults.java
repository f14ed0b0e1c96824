package io.millrace.faults;

import io.millrace.faults.Lines.Break;
import io.millrace.faults.Storm.Scale;
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
 *   <li>{@code firsts}: kill -9, each run with a store that is still to be made;
 *   <li>{@code restarts}: the embedded server is stopped at once, and started by the process that needs it;
 *   <li>{@code lines}: lines to a server elsewhere are dropped, refused, slow, cut on COMMIT, silent, half open;
 *   <li>{@code mixed}: all of these, against a server elsewhere that is restarted too;
 *   <li>{@code pauses}: SIGSTOP for longer than the heartbeat may be silent, with and without another process that takes over;
 *   <li>{@code disk}: no room left for files and store (as root: it mounts a file system of its own).
 * </ul>
 *
 * With {@code -queued} behind its name, a scenario has durable queues between the stages; with {@code -nodes}, two processes run it at a time besides.
 */
public final class Faults {
    private static final int RECORDS = 4000;
    private static final int NODES = 2;
    private static final int TELL_EVERY = 10;

    /** No hang is longer than 35 s, on a machine that has time. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Scale scale;
    private final long seed;
    private final Recovery recovery = new Recovery(PATIENCE);
    private final long begin = System.nanoTime();

    private Faults(Path folder, Scale scale, long seed) {
        this.folder = folder;
        this.scale = scale;
        this.seed = seed;
    }

    public static void main(String[] args) throws IOException {
        String named = args.length > 0 ? args[0] : "kills";
        String[] words = named.split("-", 2);
        String how = words.length > 1 ? words[1] : "";
        int strikes = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : System.nanoTime();
        Path folder = Files.createTempDirectory("faults");
        System.out.printf("%d %s, seed %d, in %s%n", strikes, named, seed, folder);
        new Faults(folder, scale(how), seed).run(words[0], strikes);
        System.out.println("nothing was lost, nothing is there twice");
    }

    private static Scale scale(String how) {
        return switch (how) {
            case "" -> Scale.single(RECORDS);
            case "queued" -> Scale.queued(RECORDS, 1);
            case "nodes" -> Scale.queued(RECORDS, NODES);
            default -> throw new IllegalArgumentException("neither queued nor nodes: " + how);
        };
    }

    private void run(String scenario, int strikes) {
        switch (scenario) {
            case "kills" -> rage(embedded(), killed(), strikes);
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
            new Storm(folder, in, scale, seed).rage(fault, strikes, this::tell);
        }
    }

    private void tell(Storm storm) {
        if (storm.strikes() % TELL_EVERY == 0) {
            System.out.printf(
                    "%,d s: %d strikes, %d runs; slowest recovery %d ms (%s)%n",
                    (System.nanoTime() - begin) / 1_000_000_000L,
                    storm.strikes(),
                    storm.sites(),
                    recovery.slowest().toMillis(),
                    recovery.of());
        }
    }

    private void firsts(int strikes) {
        int each = 5;
        Scale few = new Scale(RECORDS / 20, scale.queued(), scale.nodes());
        for (int i = 0; i < strikes; i += each) {
            try (Store fresh = Store.embedded(folder.resolve("state" + i))) {
                new Storm(folder.resolve("in" + i), fresh, few, seed + i).rage(Fault.kill(), each, this::tell);
            }
        }
    }

    private void disk(int strikes) {
        try (FullDisk disk = new FullDisk(folder, recovery)) {
            rage(embedded(), disk, strikes);
        }
    }
}
