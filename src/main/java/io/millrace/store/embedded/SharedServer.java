package io.millrace.store.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This JVM's part in the server of one state directory, counted: the first user joins, the last one leaves. */
final class SharedServer {
    private static final Logger LOG = LoggerFactory.getLogger(SharedServer.class);
    private static final Map<Path, SharedServer> SERVERS = new ConcurrentHashMap<>();

    private final StateHome home;
    private int users;
    private @Nullable StateLock lock;
    private @Nullable RandomAccessFile pipe;

    private SharedServer(StateHome home) {
        this.home = home;
    }

    static SharedServer of(Path stateDir) {
        StateHome home = StateHome.of(stateDir);
        return SERVERS.computeIfAbsent(home.root(), root -> new SharedServer(home));
    }

    /** Joins the running server or starts it; starts it again if it has died under its users. */
    synchronized EmbeddedPostgres.Address acquire() {
        try {
            EmbeddedPostgres.Address address = join();
            users++;
            return address;
        } catch (IOException e) {
            throw EmbeddedPostgresException.io("start PostgreSQL in " + home.root(), e);
        } finally {
            if (users == 0) {
                abandon();
            }
        }
    }

    /** One user fewer. The last one in this JVM leaves, and stops the server if no other process uses it. */
    synchronized void release() {
        users--;
        if (users > 0) {
            return;
        }
        try {
            leave();
        } catch (IOException e) {
            throw EmbeddedPostgresException.io("stop PostgreSQL in " + home.root(), e);
        } finally {
            abandon();
        }
    }

    private EmbeddedPostgres.Address join() throws IOException {
        StateLock held = lock == null || !lock.isOpen() ? StateLock.open(home.lock()) : lock;
        lock = held;
        FileLock door = held.door();
        try {
            boolean used = held.isMember() || held.hasOtherMembers();
            openPipe();
            held.join();
            ServerUser user = ServerUser.of(home.data());
            Cluster cluster = new Cluster(home, Binaries.obtain(home.root(), user), user);
            if (!(used && isServing())) {
                start(cluster, used);
            }
            return address(cluster);
        } finally {
            door.release();
        }
    }

    /** For a server in use: true once it is ready, false when it has gone or is about to. */
    private boolean isServing() {
        Waiting.until(
                Launch.READY,
                () -> running()
                        .filter(found -> !found.isReady() && !found.isStopping())
                        .isEmpty());
        return running().filter(Postmaster::isReady).isPresent();
    }

    private void start(Cluster cluster, boolean used) throws IOException {
        if (used) {
            Host.check(home);
        }
        // Left by processes that were killed; its watchdog, if it lives, is stopping it too.
        running().ifPresent(orphan -> orphan.stop(home));
        cluster.prepare();
        cluster.password();
        Path socketFolder = SocketFolder.obtain(home, cluster.user());
        boolean started = false;
        try {
            Postmaster.forget(home, socketFolder);
            Host.note(home);
            new Launch(home, cluster.binaries(), cluster.user(), socketFolder).run();
            started = true;
        } finally {
            if (!started) {
                SocketFolder.remove(home);
            }
        }
    }

    private EmbeddedPostgres.Address address(Cluster cluster) throws IOException {
        Path folder = SocketFolder.noted(home)
                .orElseThrow(() -> new EmbeddedPostgresException("The file " + home.socketNote()
                        + " is gone while PostgreSQL runs. Stop all that use it, then start again."));
        return new EmbeddedPostgres.Address(folder, 5432, Cluster.SUPERUSER, cluster.password(), "postgres");
    }

    /** Open for reading too, or opening would wait for the watchdog. */
    private void openPipe() throws IOException {
        if (pipe != null) {
            return;
        }
        if (!Files.exists(home.users())) {
            Command.Result made =
                    Command.run(List.of("mkfifo", "-m", "600", home.users().toString()));
            if (made.exit() != 0) {
                throw new EmbeddedPostgresException("Cannot make a named pipe in " + home.root() + ":" + made.tail()
                        + "\nName a state directory on a disk of this machine.");
            }
        }
        pipe = new RandomAccessFile(home.users().toFile(), "rw");
    }

    private void leave() throws IOException {
        StateLock held = lock;
        if (held == null || !held.isOpen()) {
            return;
        }
        FileLock door = held.door();
        try {
            held.leave();
            if (!held.hasOtherMembers()) {
                running().ifPresent(server -> server.stop(home));
                SocketFolder.remove(home);
            }
        } finally {
            door.release();
        }
    }

    private Optional<Postmaster> running() {
        return Postmaster.of(home);
    }

    /** Closing the pipe tells the watchdog; closing the lock gives up what is held of it. */
    private void abandon() {
        close(pipe);
        close(lock);
        pipe = null;
        lock = null;
    }

    private static void close(@Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            LOG.debug("closing", e);
        }
    }
}
