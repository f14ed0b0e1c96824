package io.millrace.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What failed for good. Every character is kept, U+0000 and halves of surrogate pairs too.
 *
 * @param document as it entered the stage; read back as a text if Jackson cannot read what it wrote (half a pair in the name of a field)
 * @param error the failure
 */
public record DeadLetter(String stage, JsonNode document, ObjectNode error, ObjectNode meta) {}
