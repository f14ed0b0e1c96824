package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a server runs: this boot of this machine and this set of visible processes. File locks reach further than pids, over network disks and
 * into other containers; two servers on one data directory would ruin it.
 */
final class Host {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path PROCESSES = Path.of("/proc/self/ns/pid");

    private Host() {}

    static void note(StateHome home) throws IOException {
        Files.writeString(home.hostNote(), identity() + "\n");
    }

    /** Refuses when the state directory is in use and its server was started where it cannot be seen from here. */
    static void check(StateHome home) throws IOException {
        if (Files.exists(home.hostNote())
                && !Files.readString(home.hostNote()).strip().equals(identity())) {
            throw new EmbeddedPostgresException("The PostgreSQL of " + home.root()
                    + " is in use by Millrace on another machine or in another container, which cannot share it."
                    + " Name another state directory, or one PostgreSQL for all by its uri.");
        }
    }

    private static String identity() throws IOException {
        if (!Files.exists(BOOT)) {
            return "local";
        }
        return Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(PROCESSES);
    }
}
