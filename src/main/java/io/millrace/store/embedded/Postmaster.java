package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A live server of a data directory. Its pid file outlives it and may even say "ready", so the process itself is asked: its command line
 * must bear our label. (Not {@code /proc/pid/exe}: root in a container may not read the link of another user's process.)
 *
 * @param status "starting", "ready", "stopping", or empty while the file is being written
 */
record Postmaster(long pid, String status) {
    private static final Duration FAST = Duration.ofSeconds(30);
    private static final Duration IMMEDIATE = Duration.ofSeconds(10);
    private static final Path PROC = Path.of("/proc");
    private static final int STATUS_LINE = 7;

    /** The server that serves this directory now. */
    static Optional<Postmaster> of(StateHome home) {
        return read(home.data()).filter(found -> serves(words(found.pid), mark(home)));
    }

    /** The setting by which a home's server is known. */
    static String mark(StateHome home) {
        return "cluster_name=" + home.label();
    }

    boolean isReady() {
        return status.equals("ready");
    }

    boolean isStopping() {
        return status.equals("stopping");
    }

    static boolean isGone(StateHome home, long pid) {
        return of(home).filter(found -> found.pid == pid).isEmpty();
    }

    /** Fast stop: sessions are ended, all is written. Returns when the process has gone. */
    void stop(StateHome home) {
        signal("INT");
        if (Waiting.until(FAST, () -> isGone(home, pid))) {
            return;
        }
        signal("QUIT");
        if (!Waiting.until(IMMEDIATE, () -> isGone(home, pid))) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL (process " + pid + ", " + home.root() + ") does not stop. End it by hand.");
        }
    }

    private void signal(String name) {
        Command.run(List.of("/bin/sh", "-c", "kill -" + name + " " + pid));
    }

    /**
     * Clears the way for a new server where the last one was killed: waits for its last sessions to end, and removes its lock files if some
     * process bears its pid by now, if only as a zombie, which the new server would take for the old.
     */
    static void forget(StateHome home, Path socketFolder) throws IOException {
        Optional<Postmaster> stale = read(home.data());
        if (stale.isEmpty()) {
            return;
        }
        if (!Waiting.until(IMMEDIATE, () -> sessions(home.label()) == 0)) {
            throw new EmbeddedPostgresException(
                    "The PostgreSQL of " + home.root() + " has died, but sessions of it live on"
                            + " (processes \"postgres: " + home.label() + "\"). End them by hand, then start again.");
        }
        if (ProcessHandle.of(stale.get().pid).isPresent()) {
            Files.deleteIfExists(home.data().resolve("postmaster.pid"));
            Files.deleteIfExists(socketFolder.resolve(".s.PGSQL.5432.lock"));
        }
    }

    /** Server processes whose title bears the label: of a postmaster that was killed. */
    private static int sessions(String label) {
        int found = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path process : processes) {
                found += contents(process.resolve("cmdline")).startsWith("postgres: " + label) ? 1 : 0;
            }
        } catch (IOException e) {
            return 0;
        }
        return found;
    }

    private static Optional<Postmaster> read(Path data) {
        List<String> lines = contents(data.resolve("postmaster.pid")).lines().toList();
        try {
            String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "";
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Postmaster(Long.parseLong(lines.get(0).strip()), status));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean serves(List<String> words, String mark) {
        return !words.isEmpty() && words.get(0).endsWith("/bin/postgres") && words.contains(mark);
    }

    /** The command line; none for a process that has ended but was not waited for. */
    private static List<String> words(long pid) {
        if (Files.isDirectory(PROC.resolve("self"))) {
            return List.of(contents(PROC.resolve(pid + "/cmdline")).split("\0"));
        }
        return ProcessHandle.of(pid).map(ProcessHandle::info).stream()
                .flatMap(info -> Stream.concat(
                        info.command().stream(), info.arguments().stream().flatMap(Stream::of)))
                .toList();
    }

    private static String contents(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
