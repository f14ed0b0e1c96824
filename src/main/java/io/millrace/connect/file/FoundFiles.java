package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The files that match a pattern, sorted by path. Position: the file's index in the list; after a {@link #resume} counted on from the
 * record's, wherever its file stands now. Token: {@code [path, position]}. Files that are gone are left out, as those are that a flow
 * moves away when it is done with them; that one has come before is told by there being more than there were.
 */
final class FoundFiles implements Replayable {
    private final String glob;
    private final Assembly assembly;
    private final Path directory;
    private List<Path> files = List.of();
    private int next;
    private int end;
    private long shift;

    FoundFiles(String glob, Assembly assembly) {
        this.glob = glob;
        this.assembly = assembly;
        this.directory = assembly.path("").toAbsolutePath().normalize();
    }

    @Override
    public Future<Void> open() {
        return assembly.blocking(this::find).map(found -> {
            files = found;
            end = found.size();
            return null;
        });
    }

    private List<Path> find() {
        try {
            boolean literal = Files.isRegularFile(directory.resolve(glob));
            return literal ? List.of(Path.of(glob)) : Glob.of(glob).find(directory);
        } catch (IOException e) {
            throw FileErrors.of("search", glob, directory, e);
        }
    }

    @Override
    public Future<Boolean> read(Records into) {
        int from = next;
        int to = Math.min(end, from + into.room());
        boolean more = to < end;
        long before = shift;
        next = to;
        return assembly.blocking(() -> {
            for (int i = from; i < to; i++) {
                add(files.get(i), i + before, into);
            }
            return more;
        });
    }

    private void add(Path file, long position, Records into) {
        JsonNode token = into.wantsTokens() ? token(file, position) : null;
        try {
            into.add(FileFacts.of(directory.resolve(file), file), position, token);
        } catch (IOException e) {
            into.bad(TextNode.valueOf(file.toString()), position, token, FileErrors.of("cannot read " + file, e));
        }
    }

    private static JsonNode token(Path file, long position) {
        return new ArrayNode(JsonNodeFactory.instance, 2).add(file.toString()).add(ExactJson.whole(position));
    }

    @Override
    public long expected() {
        return files.size();
    }

    @Override
    public Future<ObjectNode> fingerprint() {
        ObjectNode now = JsonNodeFactory.instance.objectNode();
        now.put("glob", glob).put("count", files.size()).set("crc", ExactJson.whole(crc()));
        return Future.succeededFuture(now);
    }

    private long crc() {
        CRC32 crc = new CRC32();
        files.forEach(file -> crc.update((file + "\n").getBytes(StandardCharsets.UTF_8)));
        return crc.getValue();
    }

    @Override
    public Future<Optional<String>> changed(ObjectNode then, @Nullable JsonNode lowest) {
        return Future.succeededFuture(lowest == null ? Optional.empty() : added(lowest));
    }

    private Optional<String> added(JsonNode lowest) {
        String path = lowest.path(0).asText();
        long were = lowest.path(1).asLong();
        int are = indexOf(Path.of(path));
        return are <= were
                ? Optional.empty()
                : Optional.of("Of the files that match " + glob + ", " + are + " sort before " + path
                        + ", where the run goes on; there were " + were + ". Those that came would be left out:"
                        + " run them by themselves, or start over with --fresh.");
    }

    /** How many files sort before. */
    private int indexOf(Path file) {
        int found = Collections.binarySearch(files, file);
        return found < 0 ? -1 - found : found;
    }

    private boolean has(int index, Path file) {
        return index < files.size() && files.get(index).equals(file);
    }

    @Override
    public Future<Void> replay(JsonNode first, JsonNode last) {
        Path lastFile = Path.of(last.path(0).asText());
        int stop = indexOf(lastFile);
        go(indexOf(Path.of(first.path(0).asText())), first.path(1).asLong());
        end = stop + (has(stop, lastFile) ? 1 : 0);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> resume(@Nullable JsonNode after) {
        end = files.size();
        if (after == null) {
            go(0, 0);
        } else {
            Path file = Path.of(after.path(0).asText());
            int index = indexOf(file);
            go(has(index, file) ? index + 1 : index, after.path(1).asLong() + 1);
        }
        return Future.succeededFuture();
    }

    /** The record at that index is next, whose position is this. */
    private void go(int index, long position) {
        next = index;
        shift = position - index;
    }

    @Override
    public String place(JsonNode token) {
        return token.path(0).asText();
    }
}
