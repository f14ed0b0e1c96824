package io.millrace.store.embedded;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A PostgreSQL server that nobody had to install: its programs come in the jar, its data lies in a state directory, its only address is a
 * Unix socket. One server serves every process on the state directory and lives as long as its last user.
 *
 * <p><b>Whose server is it?</b> Nobody's. A server that belonged to the process which started it would die under the others, and handing it over
 * takes a protocol in which every party may be killed at each step. So the server has no owner, only users, and the
 * kernel counts them, since it alone never misses a death.
 *
 * <ul>
 *   <li><i>The pipe.</i> Each user holds the named pipe {@code users} open for writing. A watchdog, a shell that was started with the
 *       server, reads it. Nothing is ever written: end of file means that the last user has gone, by close or by kill -9, and the
 *       watchdog stops the server (SIGINT, a fast stop). The pipe file stays for good, so a server that is
 *       started again under living users has them on its pipe at once.
 *   <li><i>The lock.</i> Byte 1 of the file {@code lock} is locked shared by each user: who could have it alone is the last, and stops
 *       the server itself, in order to return when it has stopped. Byte 0 is the door: start, join and leave happen one at a time.
 * </ul>
 *
 * <p><b>Start</b>, behind the door. Others use the server and it is ready: join. Others use it and it has died: start it again in the same
 * socket folder, where their pools find it. Nobody else uses it, yet it runs: its users were killed, and the
 * watchdog is about to stop it or was killed too; stop it and start anew. (A process that is just dying may be taken for a user between the closing
 * of its pipe and of its lock, some microseconds. Who joined then finds the server stopping, and {@link #revive} mends it.) In
 * one JVM all starts on a state directory share one membership, for file locks belong to the process.
 *
 * <p><b>What is durable.</b> fsync is on; {@code initdb} alone works without it, is written back as a whole and then gets its name by a rename, as
 * do the unpacked programs: a kill at any point leaves all or nothing.
 *
 * <p><b>Root.</b> PostgreSQL refuses root, so {@code setpriv} gives its rights up; the data directory belongs to the other user, all else to
 * root. See {@link ServerUser#nameOf} for how that user gets at data below /root. The server runs in a session of its own: Ctrl-C on the terminal reaches Millrace only.
 *
 * <p>Every method may block for seconds: call them from worker threads.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private final SharedServer server;
    private final Address address;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedPostgres(SharedServer server, Address address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Where the server listens.
     *
     * @param socketDir folder of the Unix socket; for a client it stands in place of the host
     * @param port names the socket's file; there is no TCP port
     * @param password for SCRAM-SHA-256
     */
    public record Address(Path socketDir, int port, String user, String password, String database) {
        /** Without the password. */
        @Override
        public String toString() {
            return user + "@" + socketDir + ":" + port + "/" + database;
        }
    }

    /**
     * Joins the server of a state directory, or starts it: 3 s the first time, some 50 ms later. Folders that are missing are made.
     *
     * @throws EmbeddedPostgresException if there is no server to be had; its message says how to mend it
     */
    public static EmbeddedPostgres start(Path stateDir) {
        SharedServer server = SharedServer.of(stateDir);
        return new EmbeddedPostgres(server, server.acquire());
    }

    public Address address() {
        return address;
    }

    /** Starts the server again if it has died; for those whose connections broke. The address stays the same unless its folder was taken. */
    public Address revive() {
        try (EmbeddedPostgres again = new EmbeddedPostgres(server, server.acquire())) {
            return again.address();
        }
    }

    /** Leaves; the last user of all processes stops the server and returns when it has stopped. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.release();
        }
    }
}
