package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.connect.http.Save.Exists;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The files of one download: the file itself, its {@code .part} while it grows, and beside that a {@code .tag} that tells which version
 * of the document the part belongs to. All methods block.
 */
final class Download {
    /** How it starts. @param from bytes that are there already @param tag validator of their version, empty if none */
    record Start(boolean complete, long from, String tag) {}

    private static final int STEP = 64 * 1024;

    private final Path file;
    private final Exists exists;
    private final Optional<String> expectedHash;

    Download(Path file, Exists exists, Optional<String> expectedHash) {
        this.file = file;
        this.exists = exists;
        this.expectedHash = expectedHash;
    }

    Path part() {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    Path tag() {
        return file.resolveSibling(file.getFileName() + ".tag");
    }

    boolean resumes() {
        return exists == Exists.RESUME;
    }

    Start prepare() throws IOException {
        if (Files.isDirectory(file)) {
            throw Failure.badData(file + " is a folder");
        }
        if (Files.exists(file)) {
            if (exists == Exists.FAIL) {
                throw Failure.badData(file + " exists already");
            }
            if (exists != Exists.REPLACE && matches(sha256(file))) {
                return new Start(true, Files.size(file), "");
            }
        }
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        boolean continued = resumes() && Files.exists(part()) && Files.exists(tag());
        return continued
                ? new Start(false, Files.size(part()), Files.readString(tag(), StandardCharsets.ISO_8859_1))
                : new Start(false, 0, "");
    }

    /** Gives the complete part its name. */
    JsonNode finish() throws IOException {
        String hash = sha256(part());
        if (!matches(hash)) {
            discard();
            throw Failure.badData("sha256 of " + file.getFileName() + " is " + hash + ", not " + expectedHash.orElse("")
                    + " as expected; it was not kept");
        }
        Files.move(part(), file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(tag());
        return described(hash);
    }

    JsonNode describeExisting() throws IOException {
        return described(sha256(file));
    }

    private ObjectNode described(String hash) throws IOException {
        return JsonNodeFactory.instance
                .objectNode()
                .put("path", file.toString())
                .put("bytes", Files.size(file))
                .put("sha256", hash);
    }

    void discard() throws IOException {
        Files.deleteIfExists(part());
        Files.deleteIfExists(tag());
    }

    private boolean matches(String hash) {
        return expectedHash.map(hash::equals).orElse(true);
    }

    private static String sha256(Path of) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(of), digest)) {
            byte[] step = new byte[STEP];
            while (in.read(step) >= 0) {
                // the digest takes what passes
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static Failure cannotWrite(Path file, Throwable cause) {
        return Failure.of(
                Kind.REJECTED,
                file + " cannot be written: " + cause.getClass().getSimpleName() + " " + cause.getMessage(),
                cause);
    }
}
