package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data directory: made by {@code initdb} once, refused when another major version has made it. */
record Cluster(StateHome home, Binaries binaries, ServerUser user) {
    static final String SUPERUSER = "millrace";

    private static final String NAMELESS = "could not look up effective user ID";
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** Makes the data directory if there is none. */
    void prepare() throws IOException {
        if (binaries.root().startsWith(home.root()) && !user.reaches(binaries.root())) {
            Path barrier = user.barrier(binaries.root());
            throw new EmbeddedPostgresException("PostgreSQL runs as user " + user.uid()
                    + " here, since it refuses root, and cannot enter " + barrier
                    + " on the way to its programs. Run: chmod o+x " + barrier + ", or make /var/cache writable.");
        }
        if (Files.isDirectory(home.data())) {
            checkVersion();
        } else {
            create();
        }
    }

    /** The superuser's password. */
    String password() throws IOException {
        if (Files.exists(home.password())) {
            return Files.readString(home.password()).strip();
        }
        if (Files.isDirectory(home.data())) {
            throw new EmbeddedPostgresException("The database in " + home.data() + " is there, but its password, "
                    + home.password() + ", is gone. Bring the file back, or delete " + home.root()
                    + " to start with an empty database.");
        }
        byte[] secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        String password = HexFormat.of().formatHex(secret);
        write(home.password(), password);
        return password;
    }

    private void checkVersion() throws IOException {
        Path file = home.data().resolve("PG_VERSION");
        String found = Files.exists(file) ? Files.readString(file).strip() : "unknown";
        if (!found.equals(String.valueOf(binaries.major()))) {
            throw new EmbeddedPostgresException(
                    "The database in " + home.data() + " was made by PostgreSQL " + found
                            + "; this Millrace brings PostgreSQL " + binaries.major()
                            + ". Use the Millrace that made it, move the data with pg_dump and psql, or name another state directory.");
        }
    }

    private void create() throws IOException {
        LOG.info("preparing a PostgreSQL {} database in {} (once)", binaries.major(), home.root());
        Folders.sweep(home.root());
        String password = password();
        Path unfinished = Files.createTempDirectory(home.root(), Folders.UNFINISHED);
        Path secret = home.root().resolve(unfinished.getFileName() + ".password");
        try {
            write(secret, password);
            user.own(secret);
            user.own(unfinished);
            initialize(unfinished, "../" + secret.getFileName());
            Files.move(unfinished, home.data(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(secret);
            Folders.delete(unfinished);
        }
    }

    /** Without waiting for the disk file by file; the whole is written back at the end, before it gets its name. */
    private void initialize(Path folder, String secret) {
        String name = user.nameOf(folder);
        initdb(
                folder,
                List.of(
                        "-D",
                        name,
                        "-U",
                        SUPERUSER,
                        "-A",
                        "scram-sha-256",
                        "--pwfile=" + secret,
                        "-N",
                        "-E",
                        "UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-instructions"));
        String method = Files.isDirectory(Path.of("/proc/self")) ? "syncfs" : "fsync";
        initdb(folder, List.of("-D", name, "--sync-only", "--sync-method=" + method));
    }

    private void initdb(Path folder, List<String> options) {
        List<String> words = Stream.concat(Stream.of(binaries.program("initdb")), options.stream())
                .toList();
        Command.Result result = Command.run(user.command(words), folder);
        if (result.output().contains(NAMELESS) && !user.dropped()) {
            result = Command.run(named(words), folder);
        }
        if (result.exit() == 0) {
            return;
        }
        throw new EmbeddedPostgresException("PostgreSQL's initdb failed (exit code " + result.exit() + ") in "
                + home.root() + ":" + result.tail() + "\n" + advice(result.output()));
    }

    /** As another user in appearance: initdb insists on a name, and a container's user often has none. Files keep their owner. */
    private static List<String> named(List<String> words) {
        return Stream.concat(Stream.of("unshare", "--user", "--map-user=65534"), words.stream())
                .toList();
    }

    static String advice(String output) {
        if (output.contains(NAMELESS) || output.contains("unshare")) {
            return "This user has no name here, which initdb wants: give it an entry in /etc/passwd.";
        }
        if (output.contains("No space left")) {
            return "The disk is full: free about 200 MB, or name a state directory on another disk.";
        }
        if (output.contains("Permission denied")) {
            return "The user that runs PostgreSQL may not do this there (a disk mounted noexec?): name another state directory.";
        }
        if (output.contains("failed to execute") || output.contains("Cannot run program")) {
            return "If this is a Linux with musl (Alpine), its C library does not run these programs: use one with glibc, or name a"
                    + " PostgreSQL of your own by its uri.";
        }
        return "Name a PostgreSQL of your own by its uri if this cannot be mended.";
    }

    private static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text + "\n", StandardOpenOption.WRITE);
    }
}
