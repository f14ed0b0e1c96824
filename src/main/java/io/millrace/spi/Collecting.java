package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * A step that takes items out of the stream and gives groups of them back. The engine keeps the groups; held items keep their roots but
 * no slot.
 *
 * @param by the value by which items are put together; empty: all in one group
 * @param items a group leaves with so many
 * @param bytes or with this size
 * @param linger or so long after its first
 * @param every or at each multiple of this time on the clock
 */
public record Collecting(Optional<Jq> by, int items, long bytes, Optional<Duration> linger, Optional<Duration> every)
        implements Step {

    /** The group of a document. Throws {@link Failure} BAD_DATA. */
    public JsonNode key(Frame frame) {
        return by.map(jq -> jq.one(frame.document(), frame)).orElse(NullNode.getInstance());
    }

    /** Does nothing by itself. */
    @Override
    public Future<JsonNode> run(Frame frame) {
        return Future.succeededFuture(NullNode.getInstance());
    }
}
