package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts one server process with its watchdog and waits until it takes connections. */
record Launch(StateHome home, Binaries binaries, ServerUser user, Path socketFolder) {
    /** Crash recovery of up to {@code max_wal_size} of log comes before the first connection. */
    static final Duration READY = Duration.ofMinutes(2);

    private static final long LONG_LOG = 10L << 20;

    /**
     * Becomes the server by {@code exec}, so that its pid is known. Before that it leaves a watchdog behind, a process of its own (the server
     * must not find a child that it did not make): it reads the pipe of users on file descriptor 3 until the last one has gone, then asks the
     * server to stop. It tries for a while, since the users may go before the server has written its pid file, and only while that
     * file names this very process. All of this happens in the data directory.
     */
    private static final String SCRIPT = """
            exec 3<&0 </dev/null
            ( {
              while read -r _ <&3; do :; done
              tries=0
              while [ $tries -lt 100 ] && kill -0 $$ 2>/dev/null; do
                { read -r pid <postmaster.pid; } 2>/dev/null
                [ "$pid" = $$ ] && kill -INT $$ && exit
                tries=$((tries + 1)); sleep 0.05
              done
            } & )
            exec 3<&-
            exec "$@"
            """;

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", ""),
            Map.entry("port", "5432"),
            Map.entry("unix_socket_permissions", "0700"),
            Map.entry("max_connections", "100"),
            Map.entry("shared_buffers", "64MB"),
            Map.entry("max_wal_size", "512MB"),
            // No replicas: less log, and three processes fewer.
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("io_method", "sync"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_checkpoints", "off"),
            // A refused statement is told to its client; it is no news for the server's log.
            Map.entry("log_min_messages", "log"),
            Map.entry("log_min_error_statement", "panic"));

    /** Returns when the server is ready; the pipe of users must be open for writing in this process. */
    void run() throws IOException {
        rollLog();
        long logged = Files.exists(home.log()) ? Files.size(home.log()) : 0;
        Process process = Command.builder(command(), home.data())
                .redirectInput(home.users().toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(home.log().toFile()))
                .redirectErrorStream(true)
                .start();
        boolean settled = false;
        try {
            settled = Waiting.until(READY, () -> isReady(process.pid()) || !process.isAlive());
        } finally {
            if (!settled) {
                process.destroyForcibly();
            }
        }
        if (!isReady(process.pid())) {
            throw failure(process, logged);
        }
    }

    private boolean isReady(long pid) {
        return Postmaster.of(home)
                .filter(found -> found.pid() == pid && found.isReady())
                .isPresent();
    }

    private EmbeddedPostgresException failure(Process process, long logged) throws IOException {
        byte[] log = Files.readAllBytes(home.log());
        int from = (int) Math.min(logged, log.length);
        String output = new String(log, from, log.length - from, StandardCharsets.ISO_8859_1);
        String how = process.isAlive() ? "is not ready after " + READY.toMinutes() + " minutes" : "ended at once";
        return new EmbeddedPostgresException("PostgreSQL " + how + " (log: " + home.log() + "):" + Command.tail(output)
                + "\n" + Cluster.advice(output));
    }

    /** A session of its own keeps the terminal's Ctrl-C away: Millrace drains first. */
    private List<String> command() {
        List<String> words = new ArrayList<>();
        Command.find("setsid").ifPresent(words::add);
        words.addAll(user.command(List.of("/bin/sh", "-c", SCRIPT, home.label())));
        words.addAll(List.of(binaries.program("postgres"), "-D", user.nameOf(home.data())));
        set(words, "unix_socket_directories", "\"" + socketFolder + "\"");
        words.addAll(List.of("-c", Postmaster.mark(home)));
        SETTINGS.forEach((name, value) -> set(words, name, value));
        return words;
    }

    private static void set(List<String> words, String name, String value) {
        words.add("-c");
        words.add(name + "=" + value);
    }

    private void rollLog() throws IOException {
        if (Files.exists(home.log()) && Files.size(home.log()) > LONG_LOG) {
            Files.move(home.log(), home.root().resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
