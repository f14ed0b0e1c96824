package io.millrace.store.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's programs, unpacked. They lie in a cache of the user's (75 MB that every project would else unpack anew, for one to
 * two seconds), in a folder named for their content; where there is no such cache, in the state directory.
 */
record Binaries(Path root, int major) {
    private static final Logger LOG = LoggerFactory.getLogger(Binaries.class);

    /** Finds the programs, or unpacks them into the first cache that can be written. */
    static Binaries obtain(Path stateHome, ServerUser user) {
        return obtain(Archive.forThisMachine(), caches(stateHome, user));
    }

    static Binaries obtain(Archive archive, List<Path> caches) {
        Path cache = caches.stream().filter(Binaries::usable).findFirst().orElse(caches.get(caches.size() - 1));
        try {
            Path root = cache.resolve("postgres-" + archive.fingerprint());
            if (!Files.isDirectory(root)) {
                LOG.info("unpacking PostgreSQL into {} (once)", root);
                Folders.create(cache, "rwxr-xr-x");
                Folders.sweep(cache);
                archive.extract(root);
            }
            return new Binaries(root, major(root));
        } catch (IOException e) {
            throw EmbeddedPostgresException.io("unpack PostgreSQL into " + cache, e);
        }
    }

    String program(String name) {
        return root.resolve("bin").resolve(name).toString();
    }

    private static List<Path> caches(Path stateHome, ServerUser user) {
        Optional<Path> own = user.dropped() ? Optional.of(Path.of("/var/cache")) : userCache();
        return Stream.concat(
                        own.map(cache -> cache.resolve("millrace")).stream(), Stream.of(stateHome.resolve("binaries")))
                .toList();
    }

    private static Optional<Path> userCache() {
        String home = System.getProperty("user.home", "");
        String mac = System.getProperty("os.name", "").startsWith("Mac") ? "Library/Caches" : ".cache";
        return absolute(System.getenv("XDG_CACHE_HOME")).or(() -> absolute(home).map(path -> path.resolve(mac)));
    }

    /** A user without a home has "?" or "/nonexistent" for one. */
    private static Optional<Path> absolute(@Nullable String path) {
        return Optional.ofNullable(path).filter(text -> text.startsWith("/")).map(Path::of);
    }

    /** Ours and nobody else's: what lies there is executed. */
    private static boolean usable(Path cache) {
        try {
            Folders.create(cache, "rwxr-xr-x");
            return Files.isWritable(cache) && Folders.owner(cache) == ServerUser.self();
        } catch (IOException e) {
            return false;
        }
    }

    /** The catalog's first line reads "# PostgreSQL 18". */
    private static int major(Path root) throws IOException {
        try (BufferedReader catalog = Files.newBufferedReader(root.resolve("share/postgresql/postgres.bki"))) {
            return Integer.parseInt(String.valueOf(catalog.readLine()).replaceAll("\\D", ""));
        } catch (IOException | NumberFormatException e) {
            throw new EmbeddedPostgresException(
                    "The programs in " + root + " are damaged. Delete that folder and start again.", e);
        }
    }
}
