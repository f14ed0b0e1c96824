package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Encoded;
import io.millrace.spi.Failure;
import io.millrace.spi.FileState;
import io.millrace.spi.Variables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a file sink does in a durable run, in words of failures. All but {@link #encode} is confined to the sink's worker.
 *
 * <p>Where bytes may be in a file that do not belong there, and cannot be cut off, nothing more is written: a resumed run will cut them.
 */
final class DurableWork {
    private static final int ROOM = 512;

    /** What was appended, and what could not be. */
    record Appended(List<FileState> states, Map<Integer, Failure> refused) {}

    private final PathTemplate path;
    private final DurableFiles files;
    private final Encoder encoder;
    private @Nullable Failure broken;

    /** @param encoder one that no file has */
    DurableWork(PathTemplate path, DurableFiles files, Encoder encoder) {
        this.path = path;
        this.files = files;
        this.encoder = encoder;
    }

    /** Any event loop. */
    Encoded encode(ObjectNode document, Variables variables) {
        Path target = path.of(document, variables);
        if (encoder.looksBack()) {
            return Chunk.Later.of(target, document, variables);
        }
        Bytes bytes = new Bytes(ROOM);
        try {
            encoder.add(document, variables, bytes, false);
        } catch (IOException e) {
            throw FileErrors.of("cannot encode", e);
        }
        return new Chunk.Ready(target, bytes.toByteArray());
    }

    void resume(List<FileState> committed) {
        encoder.cannotGoOn().ifPresent(why -> {
            throw Failure.of(Failure.Kind.REJECTED, "cannot write " + path.source() + " in a durable run: " + why);
        });
        try {
            files.resume(committed);
            ensureConstant();
        } catch (IOException e) {
            throw cannot("write", e);
        }
    }

    private void ensureConstant() throws IOException {
        if (path.constant().isPresent()) {
            files.ensure(path.constant().get());
        }
    }

    Appended append(List<Chunk> chunks) {
        if (broken != null) {
            throw broken;
        }
        Map<Integer, Failure> refused = new TreeMap<>();
        try {
            ensureConstant();
            return new Appended(files.append(chunks, refused::put), refused);
        } catch (IOException e) {
            throw takenBack(cannot("write", e));
        } catch (RuntimeException e) {
            throw takenBack(Failure.from(e));
        }
    }

    private Failure takenBack(Failure cause) {
        try {
            files.rollback();
        } catch (IOException e) {
            broken = cannot("take a commit back from", e).beside(cause);
            return broken;
        }
        broken = cause.retryable() ? null : cause;
        return cause;
    }

    void keep() {
        try {
            files.keep();
        } catch (IOException e) {
            throw spoiled(cannot("finish", e));
        }
    }

    void rollback() {
        try {
            files.rollback();
        } catch (IOException e) {
            throw spoiled(cannot("take a commit back from", e));
        }
    }

    private Failure spoiled(Failure failure) {
        broken = failure;
        return failure;
    }

    void seal() {
        try {
            files.finish();
        } catch (IOException e) {
            throw cannot("finish", e);
        }
    }

    void release() {
        try {
            files.release();
        } catch (IOException e) {
            throw cannot("close", e);
        }
    }

    private Failure cannot(String what, IOException e) {
        return FileErrors.of("cannot " + what + " " + path.source(), e);
    }
}
