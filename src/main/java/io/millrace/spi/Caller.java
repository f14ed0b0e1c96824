package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Whoever waits for what becomes of one record: the connection of a request, say. A source hands it over with the record; the engine
 * tells it, from any thread, and never waits for it. The first answer wins: what is told later is to be ignored.
 *
 * <p>None of its methods may block or throw.
 */
public interface Caller {
    /**
     * What the flow answers; may be called several times.
     *
     * @return whether this is the answer: false if there was one before, or nobody waits any more
     */
    boolean reply(Reply reply);

    /** All that the record has become has ended. Told exactly once, after anything else. */
    void settled();

    /** The record is kept for good, and will be worked on in its time. Told exactly once, after anything else, in the place of {@link #settled}. */
    default void kept() {
        settled();
    }

    /**
     * Some of what the record has become has failed for good: it is a dead letter, or was dropped for its failure. May be told several
     * times. The texts of the failure may hold secrets: show them through {@link Assembly#redact}.
     */
    void failed(Failure failure);

    /** The other side, as {@code $meta.peer} shows it: {@code {host, port}} where it has an address, else null. */
    JsonNode peer();
}
