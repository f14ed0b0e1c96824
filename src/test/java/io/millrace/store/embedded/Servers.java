package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Looks at, and kills, the processes of a state directory's server. */
final class Servers {
    private Servers() {}

    static boolean isRunning(Path stateDir) throws IOException {
        return running(stateDir).isPresent();
    }

    static long pid(Path stateDir) throws IOException {
        return running(stateDir).orElseThrow().pid();
    }

    /** kill -9, returns when it has gone. */
    static void kill(long pid) {
        Command.run(List.of("/bin/sh", "-c", "kill -9 " + pid));
        Awaitility.await()
                .until(() -> ProcessHandle.of(pid)
                        .map(process -> process.info().command().isEmpty())
                        .orElse(true));
    }

    /** The watchdog is the shell whose command line bears the home's label. */
    static long watchdog(Path stateDir) throws IOException {
        String label = home(stateDir).label();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").matches(".*/(da|ba)?sh|.*/busybox"))
                .filter(process -> List.of(process.info().arguments().orElse(new String[0]))
                        .contains(label))
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElseThrow();
    }

    static void awaitStopped(Path stateDir) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !isRunning(stateDir));
    }

    private static Optional<Postmaster> running(Path stateDir) throws IOException {
        return Postmaster.of(home(stateDir));
    }

    private static StateHome home(Path stateDir) throws IOException {
        return new StateHome(stateDir.resolve("postgres").toRealPath());
    }
}
