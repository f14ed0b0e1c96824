package io.millrace.connect.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.millrace.spi.Quantities;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How files that are being written are named, begun and locked. */
final class Names {
    private static final Logger LOG = LoggerFactory.getLogger(Names.class);
    private static final Duration LET_GO = Duration.ofMinutes(1);
    private static final Duration GLANCE = Duration.ofMillis(100);

    private Names() {}

    /** The name of a file until it is finished. */
    static Path part(Path target) {
        return target.resolveSibling(target.getFileName() + ".part");
    }

    /** Such as {@code /dev/null} or a named pipe: what is written there is gone. */
    static boolean isDevice(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path);
    }

    /** Whether a file may be begun there; makes its folders. */
    static void prepare(Path target, Mode mode) throws IOException {
        makeParents(target);
        if (Files.isDirectory(target)) {
            throw new FileSystemException(target.toString(), null, "it is a directory");
        }
        if (mode == Mode.NEW && Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (Files.exists(target) && !Files.isWritable(target)) {
            throw new AccessDeniedException(target.toString());
        }
    }

    private static void makeParents(Path target) throws IOException {
        Path parent = target.getParent();
        try {
            if (parent != null) {
                Files.createDirectories(parent);
            }
        } catch (FileAlreadyExistsException e) {
            throw new FileSystemException(e.getFile(), null, e.getFile() + " is not a directory");
        }
    }

    /** Opens a file that this process alone may write. */
    static FileChannel openAlone(Path file) throws IOException {
        return alone(FileChannel.open(file, CREATE, READ, WRITE), file);
    }

    /** The same, for one that has to be there. */
    static FileChannel reopenAlone(Path file) throws IOException {
        return alone(FileChannel.open(file, READ, WRITE), file);
    }

    private static FileChannel alone(FileChannel opened, Path file) throws IOException {
        return alone(opened, file, Duration.ZERO);
    }

    /**
     * The same, and waits for another process to let go of it: one that was stopped or suspended, and whose run was taken over meanwhile, has to wake up to notice.
     */
    static FileChannel takeOver(Path file) throws IOException {
        return alone(FileChannel.open(file, READ, WRITE), file, LET_GO);
    }

    private static FileChannel alone(FileChannel opened, Path file, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        try {
            while (opened.tryLock() == null) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new OverlappingFileLockException();
                }
                if (!told) {
                    LOG.warn(
                            "{} is still open in another process; waiting for it for up to {}",
                            file,
                            Quantities.inWords(patience));
                    told = true;
                }
                LockSupport.parkNanos(GLANCE.toNanos());
            }
            return opened;
        } catch (OverlappingFileLockException e) {
            opened.close();
            throw new FileSystemException(file.toString(), null, "another sink is writing it");
        }
    }

    /** Gives a finished file its name. */
    static void give(Path target, Path written, Mode mode) throws IOException {
        if (mode == Mode.REPLACE) {
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.move(written, target);
        }
    }
}
