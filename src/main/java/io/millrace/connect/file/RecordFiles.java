package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files that hold records: {@code lines jsonl csv}. A token is an {@link Address}, the fingerprint is that of {@link FileMarks}. */
final class RecordFiles implements Replayable {
    private final Search search;
    private final FileChunks chunks;
    private final ReadAhead.Worker worker;
    private final ReadAhead reads;

    RecordFiles(Search search, FileChunks chunks, ReadAhead.Worker worker) {
        this.search = search;
        this.chunks = chunks;
        this.worker = worker;
        this.reads = new ReadAhead(chunks, worker, false);
    }

    @Override
    public Future<Void> open() {
        return reads.open();
    }

    @Override
    public Future<Boolean> read(Records into) {
        return reads.read(into);
    }

    @Override
    public Future<ObjectNode> fingerprint() {
        return worker.run(() -> new FileMarks(search.files()).now());
    }

    @Override
    public Future<Optional<String>> changed(ObjectNode then, @Nullable JsonNode lowest) {
        String from = lowest == null ? "" : Address.of(lowest).file();
        return worker.run(() -> new FileMarks(search.files())
                .difference(then, from)
                .map(what -> what + ". Put it back as it was, or start over with --fresh."));
    }

    @Override
    public Future<Void> replay(JsonNode first, JsonNode last) {
        return seek(new Piece(Address.of(first), false, Address.of(last)));
    }

    @Override
    public Future<Void> resume(@Nullable JsonNode after) {
        return seek(after == null ? Piece.ALL : new Piece(Address.of(after), true, null));
    }

    private Future<Void> seek(Piece piece) {
        return reads.restart(() -> {
            chunks.seek(piece);
            return null;
        });
    }

    @Override
    public String place(JsonNode token) {
        Address address = Address.of(token);
        return String.format(Locale.ROOT, "%,d of %s", address.line(), address.file());
    }

    @Override
    public Future<Void> close() {
        return reads.close();
    }
}
