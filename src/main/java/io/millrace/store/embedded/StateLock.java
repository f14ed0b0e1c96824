package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Two locks in one file, for they must be on one channel: closing any channel on a file drops all of a process's locks on it. Byte
 * 0 is the door, held while a process starts, joins or leaves the server. Byte 1 is membership, shared by all who use it: who can have it
 * alone is the only one.
 *
 * <p>Confined to the monitor of its {@link SharedServer}.
 */
final class StateLock implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path file;
    private final FileChannel channel;
    private @Nullable FileLock membership;

    private StateLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static StateLock open(Path file) throws IOException {
        return new StateLock(
                file,
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Takes the door; release it by closing. */
    FileLock door() throws IOException {
        FileLock[] taken = new FileLock[1];
        IOException[] failed = new IOException[1];
        Waiting.until(PATIENCE, () -> {
            try {
                taken[0] = tryLock(0, false);
            } catch (IOException e) {
                failed[0] = e;
            }
            return taken[0] != null || failed[0] != null;
        });
        if (failed[0] != null) {
            throw failed[0];
        }
        if (taken[0] == null) {
            throw new EmbeddedPostgresException(
                    "Another process has been starting or stopping this PostgreSQL for " + PATIENCE.toMinutes()
                            + " minutes: it holds the lock " + file + ". End it, or name another state directory.");
        }
        return taken[0];
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    boolean isMember() {
        return membership != null && membership.isValid();
    }

    /** Whether other processes use the server. Only under the door; gives up membership for the moment of looking. */
    boolean hasOtherMembers() throws IOException {
        boolean member = isMember();
        leave();
        FileLock alone = tryLock(1, false);
        if (alone != null) {
            alone.release();
        }
        if (member) {
            join();
        }
        return alone == null;
    }

    /** Becomes a member. Only under the door, where nobody holds membership alone. */
    void join() throws IOException {
        if (!isMember()) {
            membership = tryLock(1, true);
        }
    }

    void leave() throws IOException {
        if (membership != null) {
            membership.release();
            membership = null;
        }
    }

    private @Nullable FileLock tryLock(long position, boolean shared) throws IOException {
        try {
            return channel.tryLock(position, 1, shared);
        } catch (OverlappingFileLockException e) {
            throw new IOException("the lock " + file + " is held by another class loader of this JVM", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
