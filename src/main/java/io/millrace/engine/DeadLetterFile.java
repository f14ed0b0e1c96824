package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Appends dead letters to a file of JSON lines, made when the first comes. Any thread. */
final class DeadLetterFile implements LetterCount {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Letter(ObjectNode json, Promise<Void> kept) {}

    private final Vertx vertx;
    private final Path file;
    private List<Letter> waiting = new ArrayList<>();
    private boolean writing;
    private long count;
    private String first = "";

    DeadLetterFile(Vertx vertx, Path file) {
        this.vertx = vertx;
        this.file = file;
    }

    /** Completes when the letter is in the file. */
    Future<Void> put(ObjectNode letter) {
        Promise<Void> kept = Promise.promise();
        synchronized (this) {
            waiting.add(new Letter(letter, kept));
            if (writing) {
                return kept.future();
            }
            writing = true;
        }
        write();
        return kept.future();
    }

    @Override
    public synchronized long count() {
        return count;
    }

    @Override
    public synchronized String first() {
        return first;
    }

    private synchronized void written(List<Letter> batch) {
        if (count == 0) {
            JsonNode error = batch.get(0).json.path("error");
            String at =
                    error.path("step").asText(batch.get(0).json.path("stage").asText());
            first = at + ": " + error.path("message").asText();
        }
        count += batch.size();
    }

    private void write() {
        List<Letter> batch;
        synchronized (this) {
            batch = waiting;
            waiting = new ArrayList<>();
            writing = !batch.isEmpty();
        }
        if (batch.isEmpty()) {
            return;
        }
        vertx.executeBlocking(() -> append(batch), false).onComplete(result -> {
            if (result.succeeded()) {
                written(batch);
            }
            for (Letter letter : batch) {
                if (result.failed()) {
                    letter.kept.fail(result.cause());
                } else {
                    letter.kept.complete();
                }
            }
            write();
        });
    }

    private boolean append(List<Letter> batch) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Letter letter : batch) {
            lines.write(JSON.writeValueAsBytes(letter.json));
            lines.write('\n');
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(file, lines.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return true;
    }
}
