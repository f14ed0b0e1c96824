package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;

/**
 * A step, compiled. Its value is stored by the runner, as the flow says with {@code as}. A failure is a failed future; what it
 * throws becomes one. A step that is done at once returns a completed future. Steps hold no state of an item: one object serves
 * all items of a stage instance.
 */
@FunctionalInterface
public interface Step {
    Future<JsonNode> run(Frame frame);

    /**
     * Whether calls of {@link #run} in a worker pool must not overlap: those of one stage instance then wait for each other without
     * holding a thread. On an event loop they never do.
     */
    default boolean oneAtATime() {
        return false;
    }
}
