package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.durable.Letters;
import io.millrace.engine.item.Item;
import io.millrace.ledger.DeadLetter;
import io.millrace.spi.Failure;
import java.util.List;

/** The dead letters of a durable run, which lie in the store. Any thread. */
final class LetterBook implements Letters, LetterCount {
    private final Redaction redaction;
    private long count;
    private String first = "";

    LetterBook(Redaction redaction) {
        this.redaction = redaction;
    }

    /** So many were kept by earlier processes. */
    synchronized void before(long letters) {
        count = letters;
    }

    @Override
    public synchronized void all(long letters) {
        count = letters;
    }

    @Override
    public DeadLetter of(String stage, Item item, Failure failure) {
        return new DeadLetter(
                stage, redaction.of(item.document()), (ObjectNode) redaction.of(failure.toJson()), item.meta(stage));
    }

    @Override
    public String shown(String text) {
        return redaction.of(text);
    }

    @Override
    public synchronized void kept(List<DeadLetter> letters) {
        if (first.isEmpty() && !letters.isEmpty()) {
            JsonNode error = letters.get(0).error();
            first = error.path("step").asText(letters.get(0).stage()) + ": "
                    + error.path("message").asText();
        }
        count += letters.size();
    }

    @Override
    public synchronized long count() {
        return count;
    }

    @Override
    public synchronized String first() {
        return first;
    }
}
