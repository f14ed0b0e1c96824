package io.millrace.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What failed for good. Every character is kept, U+0000 and halves of surrogate pairs too.
 *
 * @param document as it entered the stage; read back as a text if Jackson cannot read what it wrote (half a pair in the name of a field)
 * @param error the failure
 * @param row the claimed row whose root failed in part or in whole; null if its root is a record of a source. A value that is unique for a time is then
 *     not remembered, and a letter of the row's own stage returns to the row's bucket when it is replayed. Not read back
 */
public record DeadLetter(
        String stage,
        JsonNode document,
        ObjectNode error,
        ObjectNode meta,
        @Nullable Long row) {
    public DeadLetter(String stage, JsonNode document, ObjectNode error, ObjectNode meta) {
        this(stage, document, error, meta, null);
    }
}
