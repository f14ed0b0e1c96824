package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Which documents a sink does not take. */
interface Refusals {
    /**
     * Whether it does not as soon as it sees it.
     *
     * @throws io.millrace.spi.Failure if so
     */
    void encode(String stage, ObjectNode document);

    /** Whether it does not when it is to be written. */
    boolean write(String stage, ObjectNode document);
}
