package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The folder {@code postgres} of a state directory and what lies in it:
 *
 * <pre>
 * data/           the cluster
 * password        of the user "millrace", 0600
 * lock, users     see {@link EmbeddedPostgres}
 * socket          path of the socket's folder
 * host            where the server was started last
 * server.log      what the server says; server.log.1 is the one before
 * binaries/       only where there is no cache to unpack the programs into
 * </pre>
 *
 * @param root real path of the folder
 */
record StateHome(Path root) {
    static StateHome of(Path stateDir) {
        if (!stateDir.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            throw new EmbeddedPostgresException(
                    "The embedded PostgreSQL runs on Linux and macOS. Name a PostgreSQL of your own by its uri.");
        }
        try {
            Path base = stateDir.toAbsolutePath().normalize();
            Folders.create(base, "rwxr-xr-x");
            Path home = base.resolve("postgres");
            Folders.create(home, ServerUser.current().dropped() ? "rwx--x--x" : "rwx------");
            return new StateHome(home.toRealPath());
        } catch (IOException e) {
            throw EmbeddedPostgresException.io("use the state directory " + stateDir, e);
        }
    }

    Path data() {
        return root.resolve("data");
    }

    Path password() {
        return root.resolve("password");
    }

    Path lock() {
        return root.resolve("lock");
    }

    Path users() {
        return root.resolve("users");
    }

    Path socketNote() {
        return root.resolve("socket");
    }

    Path hostNote() {
        return root.resolve("host");
    }

    Path log() {
        return root.resolve("server.log");
    }

    /** Tells this home's processes from others in process lists. */
    String label() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(root.toString().getBytes(StandardCharsets.UTF_8));
            return "millrace-" + HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
