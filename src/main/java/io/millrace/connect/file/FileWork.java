package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The work of the {@code file} step; it blocks.
 *
 * @param shown the path for messages and results
 */
record FileWork(Path file, String shown) {
    /** What reading gives. */
    enum Format {
        TEXT,
        BYTES
    }

    /** What is to be written. */
    static byte[] content(Optional<JsonNode> text, Optional<JsonNode> base64) {
        if (text.isPresent()) {
            return Jsons.text(text.get()).getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(base64.map(JsonNode::asText).orElse(""));
        } catch (IllegalArgumentException e) {
            throw Failure.badData("\"bytes\" is not base64: " + e.getMessage());
        }
    }

    JsonNode read(Format format, long maxSize) {
        try (InputStream in = Files.newInputStream(notFolder())) {
            byte[] bytes = in.readNBytes((int) Math.min(maxSize + 1, Integer.MAX_VALUE - 8));
            if (bytes.length > maxSize) {
                throw Failure.of(
                        Failure.Kind.LIMIT, shown + " is larger than " + maxSize + " bytes; raise \"maxSize\"");
            }
            return TextNode.valueOf(format == Format.BYTES ? Base64.getEncoder().encodeToString(bytes) : utf8(bytes));
        } catch (IOException e) {
            throw cannot("read", e);
        }
    }

    private String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Failure.badData(shown + " is not UTF-8; read it with \"format\": \"bytes\"");
        }
    }

    /** Under another name first: a name of its own for each write, so that two items do not meet in one file. */
    JsonNode write(byte[] bytes) {
        try {
            Path parent = withParents();
            Path part = parent.resolve("." + notFolder().getFileName() + "." + UUID.randomUUID() + ".part");
            try {
                Files.write(part, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
            return written(bytes);
        } catch (IOException e) {
            throw cannot("write", e);
        }
    }

    JsonNode append(byte[] bytes) {
        try {
            withParents();
            Files.write(notFolder(), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return written(bytes);
        } catch (IOException e) {
            throw cannot("append to", e);
        }
    }

    JsonNode delete() {
        try {
            return BooleanNode.valueOf(Files.deleteIfExists(notFolder()));
        } catch (IOException e) {
            throw cannot("delete", e);
        }
    }

    JsonNode stat() {
        try {
            return FileFacts.of(file, Path.of(shown));
        } catch (NoSuchFileException e) {
            return NullNode.instance;
        } catch (IOException e) {
            throw cannot("look at", e);
        }
    }

    private Path notFolder() throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "it is a directory");
        }
        return file;
    }

    private Path withParents() throws IOException {
        Path parent = file.getParent();
        return Files.createDirectories(parent == null ? Path.of("") : parent);
    }

    private JsonNode written(byte[] bytes) {
        return JsonNodeFactory.instance.objectNode().put("path", shown).put("bytes", bytes.length);
    }

    private Failure cannot(String verb, IOException e) {
        return FileErrors.of("cannot " + verb + " " + shown, e);
    }
}
