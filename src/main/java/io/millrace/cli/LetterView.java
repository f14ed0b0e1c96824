package io.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.KeptLetter;
import io.millrace.spi.ExactJson;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A dead letter of the store, as people, programs and filters see it.
 *
 * @param flow the name of its run's flow
 */
record LetterView(KeptLetter kept, String flow) {
    static final List<String> HEAD = List.of("id", "run", "flow", "stage", "at", "error");
    private static final int MESSAGE = 120;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** As it reads where the user is. */
    static String time(Instant at) {
        return TIME.format(at.atZone(ZoneId.systemDefault()));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", kept.id())
                .put("run", kept.run())
                .put("flow", flow)
                .put("stage", kept.letter().stage())
                .put("at", kept.at().truncatedTo(ChronoUnit.MILLIS).toString());
        json.set("error", kept.letter().error());
        json.set("meta", kept.letter().meta());
        json.set("document", kept.letter().document());
        return json;
    }

    String line() {
        return json().toString();
    }

    String page() {
        try {
            return ExactJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> row() {
        return List.of(
                String.valueOf(kept.id()),
                String.valueOf(kept.run()),
                flow,
                kept.letter().stage(),
                time(kept.at()),
                error());
    }

    /** {@code TIMEOUT: no answer in 10 s}, in a line. */
    private String error() {
        ObjectNode error = kept.letter().error();
        String kind = error.path("kind").asText();
        String message = error.path("message").asText().replaceAll("\\s+", " ");
        String said = kind.isEmpty() ? message : kind + ": " + message;
        return said.length() <= MESSAGE ? said : said.substring(0, MESSAGE - 1) + "…";
    }

    /** Whether it is a record that its source could not read: it never became an item. */
    boolean isUnreadable() {
        return kept.letter().error().path("step").asText().equals(kept.letter().stage() + "/source");
    }
}
