package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Encoded;
import io.millrace.spi.Failure;
import io.millrace.testkit.TestJson;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that has come of a record or of a group of them.
 *
 * @param how by which way it left: a word of {@link End}
 * @param owner the record as {@code s0#12}, or the group as {@code g7}
 * @param attempt at the record or group: a number that no other attempt has
 */
record Output(End how, String stage, String id, String owner, long attempt) implements Comparable<Output> {
    private static final Pattern KEY = Pattern.compile("#(\\d+)");

    /** Ways to end. */
    enum End {
        ROW,
        LINE,
        /** Written by a sink that is not part of commits. */
        OUT,
        DEAD,
        /** More than one root may hold. */
        LIMIT,
        /** Ended the process each time it was worked on. */
        KILLER,
        /** Put into the queue of a stage, as a row that has outputs of its own. */
        QUEUED,
        /** Put into a group, which has outputs of its own. */
        GROUPED
    }

    /** What a sink of the world writes. */
    record Line(String text, String stage, ObjectNode document) implements Encoded {
        @Override
        public long bytes() {
            return 40 + text.length();
        }

        Output as(End how) {
            return of(how, stage, document);
        }
    }

    /** The key of the record that it once was; of groups 0. */
    int key() {
        return key(id);
    }

    static int key(String id) {
        Matcher found = KEY.matcher(id);
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    static Output of(End how, String stage, JsonNode document) {
        return new Output(
                how,
                stage,
                document.path("id").asText(),
                document.path("owner").asText(),
                document.path("n").asLong());
    }

    /** The failure of a document at a stage, which tells what {@link #ofDeath} wants to know. */
    static Failure death(Failure.Kind kind, String stage, JsonNode document) {
        return Failure.of(
                kind,
                String.join(
                        "|",
                        "bad",
                        stage,
                        document.path("id").asText(),
                        document.path("owner").asText(),
                        document.path("n").asText("0")));
    }

    static Output ofDeath(String message) {
        String[] parts = message.substring(message.indexOf("bad|")).split("\\|");
        return new Output(End.DEAD, parts[1], parts[2], parts[3], Long.parseLong(parts[4]));
    }

    static Line line(String stage, ObjectNode document) {
        return new Line(document.toString(), stage, document);
    }

    static Line line(String stage, String text) {
        return new Line(text, stage, (ObjectNode) TestJson.read(text));
    }

    @Override
    public int compareTo(Output other) {
        return toString().compareTo(other.toString());
    }
}
