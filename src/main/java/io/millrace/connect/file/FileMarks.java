package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.ExactJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * By which files are known again: {@code {files: [{path, size, head, tail}]}}, with the CRCs of the first and the last 4 KB. A file that
 * has grown still has both, at the old places; whatever was inserted or removed anywhere before shifts the tail. What goes unseen is an
 * edit that keeps every length, away from both. As stored: of a compressed file it is the compressed bytes. Blocks.
 */
final class FileMarks {
    private static final int PIECE = 4096;

    /** The size of one that could not be read. */
    private static final int UNREADABLE = -1;

    private final Inputs inputs;

    FileMarks(Inputs inputs) {
        this.inputs = inputs;
    }

    ObjectNode now() {
        ObjectNode now = JsonNodeFactory.instance.objectNode();
        ArrayNode list = now.putArray("files");
        inputs.files().forEach(file -> list.add(of(file)));
        return now;
    }

    private ObjectNode of(Path file) {
        ObjectNode mark = JsonNodeFactory.instance.objectNode().put("path", file.toString());
        try (FileChannel channel = FileChannel.open(inputs.directory().resolve(file))) {
            long size = channel.size();
            mark.set("size", ExactJson.whole(size));
            mark.set("head", head(channel, size));
            mark.set("tail", tail(channel, size));
            return mark;
        } catch (IOException e) {
            return mark.put("size", UNREADABLE);
        }
    }

    private static JsonNode head(FileChannel channel, long size) throws IOException {
        return crc(channel, 0, (int) Math.min(size, PIECE));
    }

    private static JsonNode tail(FileChannel channel, long size) throws IOException {
        long from = Math.max(0, size - PIECE);
        return crc(channel, from, (int) (size - from));
    }

    private static JsonNode crc(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
        CRC32 crc = new CRC32();
        crc.update(bytes.flip());
        return ExactJson.whole(crc.getValue());
    }

    /**
     * What of the files from this one on is not as it was, without a full stop. Files before it are done with and need not be there, but
     * none may have come: it would never be read.
     */
    Optional<String> difference(ObjectNode then, String from) {
        ArrayNode marks = then.withArray("files");
        Path first = Path.of(from);
        for (JsonNode mark : marks) {
            Path file = Path.of(mark.path("path").asText());
            Optional<String> what = file.compareTo(first) < 0 ? Optional.empty() : difference(file, mark);
            if (what.isPresent()) {
                return what;
            }
        }
        return added(marks);
    }

    private Optional<String> difference(Path file, JsonNode then) {
        long size = then.path("size").asLong();
        if (size == UNREADABLE) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(inputs.directory().resolve(file))) {
            if (channel.size() < size) {
                return Optional.of(file + " is shorter than when the run began: it had " + bytes(size) + ", and has "
                        + bytes(channel.size()));
            }
            if (!head(channel, size).equals(then.path("head"))) {
                return Optional.of(file + " does not begin as it did when the run began");
            }
            return tail(channel, size).equals(then.path("tail"))
                    ? Optional.empty()
                    : Optional.of(file + " was changed since the run began, somewhere in what were its " + bytes(size));
        } catch (NoSuchFileException e) {
            return Optional.of(file + " is not there any more");
        } catch (IOException e) {
            return Optional.of(file + " cannot be read any more: " + FileErrors.reason(e));
        }
    }

    private Optional<String> added(ArrayNode marks) {
        if (marks.isEmpty()) {
            return Optional.empty();
        }
        Set<String> known = new HashSet<>();
        marks.forEach(mark -> known.add(mark.path("path").asText()));
        Path last = Path.of(marks.get(marks.size() - 1).path("path").asText());
        return inputs.files().stream()
                .filter(file -> file.compareTo(last) < 0 && !known.contains(file.toString()))
                .findFirst()
                .map(file -> file + " came after the run began and would be left out: it sorts before " + last
                        + ", which the run knows");
    }

    private static String bytes(long size) {
        return String.format(Locale.ROOT, "%,d bytes", size);
    }
}
