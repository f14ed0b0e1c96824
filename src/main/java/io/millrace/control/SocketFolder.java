package io.millrace.control;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder in which each process of a user keeps the socket that its runs are steered by: {@code millrace-USER} below the system's
 * folder for temporary files, and that user's alone: who can enter it may cancel runs.
 */
public final class SocketFolder {
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");
    private static final String SUFFIX = ".sock";

    private final Path folder;

    private SocketFolder(Path folder) {
        this.folder = folder;
    }

    /** That of the user of this process. */
    public static SocketFolder ofUser() {
        String user = System.getProperty("user.name", "user").replaceAll("[^A-Za-z0-9._-]", "_");
        return in(Path.of(System.getProperty("java.io.tmpdir", "/tmp")).resolve("millrace-" + user));
    }

    /** A folder of one's own choice. */
    public static SocketFolder in(Path folder) {
        return new SocketFolder(folder.toAbsolutePath());
    }

    /** Where a process listens, made ready; a socket that a process of the same number left behind is taken away. */
    Path claim(long pid) throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWN));
        } catch (FileAlreadyExistsException e) {
            if (!isOwn()) {
                throw new IOException(folder + " is not this user's alone");
            }
        }
        Path socket = socket(pid);
        Files.deleteIfExists(socket);
        return socket;
    }

    private boolean isOwn() throws IOException {
        Path mine = Files.createTempFile("millrace", null);
        try {
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder).equals(Files.getOwner(mine))
                    && Files.getPosixFilePermissions(folder).equals(OWN);
        } finally {
            Files.delete(mine);
        }
    }

    private Path socket(long pid) {
        return folder.resolve(pid + SUFFIX);
    }

    /** The sockets of processes that live; those of others are taken away. */
    List<Path> sockets() throws IOException {
        if (!Files.isDirectory(folder) || !isOwn()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .filter(SocketFolder::lives)
                    .sorted()
                    .toList();
        }
    }

    private static boolean lives(Path socket) {
        String name = socket.getFileName().toString();
        try {
            long pid = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
            boolean lives = ProcessHandle.of(pid).isPresent();
            if (!lives) {
                Files.deleteIfExists(socket);
            }
            return lives;
        } catch (NumberFormatException | IOException foreign) {
            return false;
        }
    }
}
