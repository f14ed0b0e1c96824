package io.millrace.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A row of a queue that this process has to deal with: it ends in {@link Commit#done} or is given back.
 *
 * @param id rises in the order of enqueueing
 * @param attempt which claim this is, from 1; those of processes that died count
 * @param bucket see {@link Enqueued}
 */
public record Claimed(long id, String stage, int attempt, int bucket, JsonNode document, ObjectNode meta) {}
