package io.millrace.faults;

import io.millrace.testkit.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** The server stops as by {@code pg_ctl -m immediate}, and is started again, by us or by who needs it; the process lives on. */
final class Restart implements Fault {
    private static final Duration GLANCE = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofMinutes(2);

    private final Recovery recovery;

    Restart(Recovery recovery) {
        this.recovery = recovery;
    }

    @Override
    public Optional<Program> strike(Site site, Program program, Random random) {
        recovery.begin(site, program);
        Optional<Long> server = site.store().server();
        if (server.isEmpty() || !program.isAlive()) {
            return Optional.of(program);
        }
        quit(server.get());
        site.store().mend();
        awaitAnother(site, program, server.get());
        recovery.await(site, program, "restart");
        return Optional.of(program);
    }

    private static void quit(long server) {
        ProcessHandle process = ProcessHandle.of(server).orElseThrow();
        try (Program kill = Program.command(
                Path.of(System.getProperty("java.io.tmpdir")), "kill", "-QUIT", String.valueOf(server))) {
            kill.exitCode();
        }
        process.onExit().join();
    }

    private static void awaitAnother(Site site, Program program, long before) {
        long deadline = System.nanoTime() + MOST.toNanos();
        while (site.store().server().filter(now -> now != before).isEmpty() && !program.endsWithin(GLANCE)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the server does not come back in " + site.story());
            }
        }
    }
}
