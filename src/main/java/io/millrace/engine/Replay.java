package io.millrace.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.Flow;
import io.millrace.flow.Stage;
import io.millrace.spi.Assembly;
import io.millrace.spi.Cursor;
import io.millrace.spi.ExactJson;
import io.millrace.spi.LineReader;
import io.millrace.spi.Nearest;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters that are to be run again: each goes to the stage where it failed, and the flow's own sources stay shut.
 *
 * @param letters how many there are for each stage
 * @param unreadable records that a source could not read: they never became items, and cannot be run
 */
public record Replay(Path file, Map<String, Long> letters, long unreadable) {
    private static final int MAX_LINE = 256 << 20;

    /** A file that is no file of dead letters of this flow; the message tells where and how to mend it. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    /** Looks through a file of dead letters. Blocks. */
    public static Replay of(Path file, Set<String> stages) throws IOException, Unusable {
        Map<String, Long> letters = new LinkedHashMap<>();
        long unreadable = 0;
        try (Letters lines = new Letters(file)) {
            for (ObjectNode letter = lines.next(); letter != null; letter = lines.next()) {
                String stage = letter.path("stage").asText();
                if (!stages.contains(stage)) {
                    throw lines.wrong("the flow has no stage \"" + stage + "\"."
                            + Nearest.to(stage, stages)
                                    .map(near -> " Is it \"" + near + "\" now? Write that in the letter.")
                                    .orElse(" Take the letter out, or replay it with the flow that it came from."));
                }
                if (isUnreadable(letter)) {
                    unreadable++;
                } else {
                    letters.merge(stage, 1L, Long::sum);
                }
            }
        }
        return new Replay(file, letters, unreadable);
    }

    private static boolean isUnreadable(ObjectNode letter) {
        return letter.at("/error/step").asText().equals(letter.path("stage").asText() + "/source");
    }

    public long count() {
        return letters.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The same letters, of a file that was renamed. */
    public Replay in(Path renamed) {
        return new Replay(renamed, letters, unreadable);
    }

    /** The flow with the letters in the place of its sources. */
    Flow applyTo(Flow flow) {
        Map<String, Stage> stages = new LinkedHashMap<>();
        flow.stages().forEach((name, stage) -> stages.put(name, replaying(stage)));
        return flow.withStages(stages);
    }

    private Stage replaying(Stage stage) {
        return stage.withSource(Optional.ofNullable(letters.get(stage.name()))
                .map(count -> new Stage.SourceDef(
                        new Type(stage.name(), count),
                        new Settings(Type.SPEC, new Cursor(MissingNode.getInstance(), ""), Map.of()),
                        "value")));
    }

    /** The letters of one stage, as a source of it. */
    private final class Type implements SourceType {
        private static final Spec SPEC = Spec.source("dead-letters", "Yields the documents of dead letters.")
                .example("{}")
                .done();

        private final String stage;
        private final long count;

        Type(String stage, long count) {
            this.stage = stage;
            this.count = count;
        }

        @Override
        public Spec spec() {
            return SPEC;
        }

        @Override
        public Source build(Settings settings, Assembly assembly) {
            return new OfStage(stage, count, assembly);
        }
    }

    /** Position: that of the record from which the letter came. */
    private final class OfStage implements Source {
        private final String stage;
        private final long count;
        private final Assembly assembly;
        private @Nullable Letters letters;

        OfStage(String stage, long count, Assembly assembly) {
            this.stage = stage;
            this.count = count;
            this.assembly = assembly;
        }

        @Override
        public Future<Void> open() {
            return assembly.blocking(() -> {
                letters = new Letters(file);
                return null;
            });
        }

        @Override
        public Future<Boolean> read(Records into) {
            return assembly.blocking(() -> {
                Letters from = letters;
                while (from != null && !into.isFull()) {
                    ObjectNode letter = from.next();
                    if (letter == null) {
                        return false;
                    }
                    if (letter.path("stage").asText().equals(stage) && !isUnreadable(letter)) {
                        into.add(
                                letter.path("document"),
                                letter.at("/meta/position").asLong());
                    }
                }
                return from != null;
            });
        }

        @Override
        public long expected() {
            return count;
        }

        @Override
        public Future<Void> close() {
            return assembly.blocking(() -> {
                Letters open = letters;
                if (open != null) {
                    letters = null;
                    open.close();
                }
                return null;
            });
        }
    }

    /** The letters of a file, one after another. */
    private static final class Letters implements AutoCloseable {
        private final Path file;
        private final LineReader lines;
        private long line;

        Letters(Path file) throws IOException {
            this.file = file;
            this.lines = new LineReader(Files.newInputStream(file), MAX_LINE);
        }

        @Nullable
        ObjectNode next() throws IOException, Unusable {
            while (lines.next()) {
                line++;
                if (lines.length() > 0) {
                    return letter();
                }
            }
            return null;
        }

        private ObjectNode letter() throws IOException, Unusable {
            try {
                JsonNode read = ExactJson.WHOLE.readTree(
                        new ByteArrayInputStream(lines.bytes(), lines.offset(), lines.length()));
                if (read instanceof ObjectNode letter
                        && letter.path("stage").isTextual()
                        && letter.path("document").isObject()) {
                    return letter;
                }
            } catch (JsonProcessingException e) {
                throw wrong("this is not JSON: " + ExactJson.reason(e) + ".");
            }
            throw wrong("this is no dead letter: it needs a \"stage\" and a \"document\".");
        }

        Unusable wrong(String what) {
            return new Unusable(file + ":" + line + ": " + what);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
