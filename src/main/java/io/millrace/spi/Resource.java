package io.millrace.spi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;

/** What is opened before the first item, shared by all instances, and closed after the last. Used from several event loops. */
public interface Resource {
    /**
     * Opens and checks it. Its result is what expressions see as {@code $resources.<name>}, empty if nothing; never a secret. A
     * failure ends the run with its message.
     */
    Future<ObjectNode> open();

    Future<Void> close();
}
