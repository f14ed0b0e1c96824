package io.millrace.flow;

import io.millrace.spi.Jq;
import java.time.Duration;
import java.util.Optional;

/**
 * The bounded queue of a stage.
 *
 * @param capacity items that wait or run
 * @param bytes their size
 * @param durable whether it is a table: because the flow says so, or because the flow is durable and the queue has {@code unique} or closes a cycle
 * @param unique items with a value seen before are dropped
 * @param uniqueFor how long a value is remembered across runs; empty: within this run
 * @param key items of one key run one after another
 */
public record Queue(
        int capacity,
        long bytes,
        boolean durable,
        Optional<Jq> unique,
        Optional<Duration> uniqueFor,
        Optional<Jq> key) {

    /** The same queue as a table. */
    Queue kept() {
        return new Queue(capacity, bytes, true, unique, uniqueFor, key);
    }
}
