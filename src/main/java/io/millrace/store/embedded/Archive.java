package io.millrace.store.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs as they lie in the jar: {@code postgres-linux-x86_64.txz} and the like. */
final class Archive {
    private final URL url;

    Archive(URL url) {
        this.url = url;
    }

    /** The archive for the machine that this JVM runs on. */
    static Archive forThisMachine() {
        return named(resource(System.getProperty("os.name", ""), System.getProperty("os.arch", "")));
    }

    static Archive named(String resource) {
        URL url = Archive.class.getResource("/" + resource);
        if (url == null) {
            throw new EmbeddedPostgresException("This jar holds no PostgreSQL for "
                    + resource.replace("postgres-", "").replace(".txz", "")
                    + ". Build it with a profile of that platform (mvn package -Plinux-arm64, -Pmac-arm64; linux-amd64 is the"
                    + " default), or name a PostgreSQL of your own: --store postgresql://user:password@host/database.");
        }
        return new Archive(url);
    }

    static String resource(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : os;
        String machine = switch (osArch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> osArch;
        };
        return "postgres-" + system + "-" + machine + ".txz";
    }

    /** Names the content, so that another build of the programs gets a folder of its own. A jar's index knows it already. */
    String fingerprint() throws IOException {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jar) {
            try (var file = jar.getJarFile()) {
                return "%08x-%d"
                        .formatted(jar.getJarEntry().getCrc(), jar.getJarEntry().getSize());
            }
        }
        return checksum();
    }

    private String checksum() throws IOException {
        try (CheckedInputStream in = new CheckedInputStream(url.openStream(), new CRC32())) {
            long size = in.transferTo(OutputStream.nullOutputStream());
            return "%08x-%d".formatted(in.getChecksum().getValue(), size);
        }
    }

    /** Unpacks into {@code target}, which appears whole or not at all; whoever comes second finds it done. */
    void extract(Path target) throws IOException {
        Path folder = Objects.requireNonNull(target.getParent());
        Path unfinished = Files.createTempDirectory(folder, Folders.UNFINISHED);
        try {
            unpack(unfinished);
            Folders.permit(unfinished, "rwxr-xr-x");
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(target)) {
                throw e;
            }
        } finally {
            Folders.delete(unfinished);
        }
    }

    private void unpack(Path into) throws IOException {
        try (InputStream bytes = new BufferedInputStream(url.openStream(), 1 << 16);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(bytes))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, into);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path into) throws IOException {
        Path file = into.resolve(entry.getName()).normalize();
        if (!file.startsWith(into)) {
            throw new IOException("the archive names a file outside of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Folders.create(file, "rwxr-xr-x");
            return;
        }
        Folders.create(Objects.requireNonNull(file.getParent()), "rwxr-xr-x");
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, file);
            Folders.permit(file, (entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x");
        }
    }
}
