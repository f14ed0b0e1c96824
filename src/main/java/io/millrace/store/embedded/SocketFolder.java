package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the server's Unix socket lies: a 0700 folder of the server's user with a short name (the kernel allows a socket's path 107
 * bytes), chosen at random once and noted, so that a restarted server is found where the old one was. Not in {@code XDG_RUNTIME_DIR},
 * which vanishes when its user logs out while programs run on.
 */
final class SocketFolder {
    private static final int LONGEST = 107;
    private static final String SOCKET = "/.s.PGSQL.5432.lock";

    private SocketFolder() {}

    /** The folder noted last, made again if it has gone; else a new one. */
    static Path obtain(StateHome home, ServerUser user) throws IOException {
        Optional<Path> noted = noted(home);
        if (noted.isPresent() && claimed(noted.get(), user)) {
            return noted.get();
        }
        Path chosen = choose(home, user);
        Files.writeString(home.socketNote(), chosen + "\n");
        return chosen;
    }

    static Optional<Path> noted(StateHome home) throws IOException {
        try {
            String text =
                    Files.readString(home.socketNote(), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Removes it after the server, unless something else lies there too. */
    static void remove(StateHome home) throws IOException {
        Optional<Path> noted = noted(home);
        if (noted.isPresent()) {
            try {
                Files.deleteIfExists(noted.get());
            } catch (DirectoryNotEmptyException e) {
                // The next server takes the folder as it is.
                return;
            }
        }
    }

    private static Path choose(StateHome home, ServerUser user) {
        byte[] name = new byte[6];
        new SecureRandom().nextBytes(name);
        return Stream.of(Path.of("/tmp"), Path.of(System.getProperty("java.io.tmpdir", "/tmp")), home.root())
                .map(parent -> parent.resolve("millrace-" + HexFormat.of().formatHex(name)))
                .filter(folder -> (folder + SOCKET).length() <= LONGEST)
                .filter(folder -> claimed(folder, user))
                .findFirst()
                .orElseThrow(
                        () -> new EmbeddedPostgresException(
                                "No folder for PostgreSQL's socket: neither /tmp nor "
                                        + List.of(System.getProperty("java.io.tmpdir", "/tmp"), home.root())
                                        + " can be written, or their names are too long. Make /tmp writable, or set -Djava.io.tmpdir."));
    }

    /** Makes it; one that is there already must be the server user's alone. */
    private static boolean claimed(Path folder, ServerUser user) {
        try {
            try {
                Files.createDirectory(folder);
                Folders.permit(folder, "rwx------");
                user.own(folder);
            } catch (FileAlreadyExistsException e) {
                return isOwn(folder, user);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOwn(Path folder, ServerUser user) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Folders.owner(folder) == user.uid()
                && Files.getPosixFilePermissions(folder).size() == 3;
    }
}
