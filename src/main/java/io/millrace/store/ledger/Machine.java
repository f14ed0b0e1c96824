package io.millrace.store.ledger;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a process runs.
 *
 * @param host its name, for people
 * @param place this boot of the machine and this set of visible processes: only there a pid means something
 */
record Machine(String host, String place) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path PROCESSES = Path.of("/proc/self/ns/pid");

    /** Beginnings are reckoned from the boot's, which the system corrects when it sets its clock. */
    private static final long CLOCK_STEPS_MS = 3_000;

    static Machine here() {
        String host = name();
        try {
            return new Machine(host, Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(PROCESSES));
        } catch (IOException e) {
            return new Machine(host, host);
        }
    }

    private static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "localhost";
        }
    }

    /** When a process began, in ms; 0 if that is not told. */
    static long began(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /** Whether it is known that a process has ended. */
    boolean hasEnded(String where, long pid, long began) {
        if (!where.equals(place)) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        return process.isEmpty() || Math.abs(began(process.get()) - began) > CLOCK_STEPS_MS || isZombie(pid);
    }

    /** Ended, and nobody has asked for its exit code. */
    private static boolean isZombie(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1)
                    .contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }
}
