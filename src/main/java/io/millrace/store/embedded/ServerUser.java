package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who runs PostgreSQL: this user, or, since the server refuses root, an unprivileged one into which {@code setpriv} turns root.
 * An existing data directory decides: it is served as its owner.
 *
 * @param dropped whether privileges have to be dropped
 */
record ServerUser(int uid, int gid, boolean dropped) {
    /** The overflow id, "nobody" nearly everywhere; needs no entry in the password file. */
    private static final int NOBODY = 65534;

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final ServerUser CURRENT = detect();

    /** This process's user id. */
    static int self() {
        return CURRENT.dropped ? 0 : CURRENT.uid;
    }

    static ServerUser current() {
        return CURRENT;
    }

    /**
     * Not by the JDK's {@code UnixSystem}, which takes a user without an entry in the password file, as containers have them, for
     * root.
     */
    private static ServerUser detect() {
        try {
            int uid = Files.exists(STATUS) ? effective("Uid:") : ownerOfNewFile("unix:uid");
            return uid == 0
                    ? new ServerUser(NOBODY, NOBODY, true)
                    : new ServerUser(uid, Files.exists(STATUS) ? effective("Gid:") : ownerOfNewFile("unix:gid"), false);
        } catch (IOException e) {
            throw EmbeddedPostgresException.io("find out which user this is", e);
        }
    }

    /** The second number: real, effective, saved, of the file system. */
    private static int effective(String name) throws IOException {
        return Files.readString(STATUS, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> Integer.parseUnsignedInt(line.split("\\s+")[2]))
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " lacks " + name));
    }

    private static int ownerOfNewFile(String attribute) throws IOException {
        Path file = Files.createTempFile("millrace-", ".user");
        try {
            return (Integer) Files.getAttribute(file, attribute);
        } finally {
            Files.delete(file);
        }
    }

    /** As {@link #current}, but root becomes the owner of data that is there already. */
    static ServerUser of(Path data) throws IOException {
        ServerUser current = current();
        if (!current.dropped || !Files.isDirectory(data) || Folders.owner(data) == 0) {
            return current;
        }
        return new ServerUser(Folders.owner(data), (Integer) Files.getAttribute(data, "unix:gid"), true);
    }

    /** The words that run a program as this user. */
    List<String> command(List<String> words) {
        if (!dropped) {
            return words;
        }
        List<String> all = new ArrayList<>(List.of(setpriv(), "--reuid=" + uid, "--regid=" + gid));
        all.addAll(List.of("--clear-groups", "--no-new-privs"));
        all.addAll(words);
        return all;
    }

    /**
     * How a program of the server names the folder in which it is started. Root may have put it where the other user has no way to, say below /root; but the folder in which a
     * process was started is open to it without a way, and the kernel has a name for that.
     */
    String nameOf(Path folder) {
        return dropped ? "/proc/self/cwd" : folder.toString();
    }

    /** Gives a file or folder, without what is in it, to this user. */
    void own(Path path) throws IOException {
        if (dropped) {
            Files.setAttribute(path, "unix:uid", uid);
            Files.setAttribute(path, "unix:gid", gid);
        }
    }

    /** Whether this user can enter a folder; asked by trying, which knows of access lists too. */
    boolean reaches(Path folder) {
        return !dropped
                || Command.run(command(List.of("/bin/sh", "-c", "cd -- \"$0\"", folder.toString())), Path.of("/"))
                                .exit()
                        == 0;
    }

    /** The first folder on the way that shuts this user out. */
    Path barrier(Path folder) {
        Path parent = folder.getParent();
        return parent == null || reaches(parent) ? folder : barrier(parent);
    }

    private static String setpriv() {
        return Command.find("setpriv")
                .orElseThrow(
                        () -> new EmbeddedPostgresException(
                                "PostgreSQL does not run as root, and setpriv, which would give up root's rights for it, is not on the PATH."
                                        + " Install util-linux, run Millrace as an ordinary user, or name a PostgreSQL of your own by its uri."));
    }
}
