package io.millrace.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads a source to its end, as the engine does: on one event loop, one call at a time. */
public final class Drain {
    private Drain() {}

    /** Opens, reads everything with this much room at a time, closes. */
    public static List<Records.Entry> all(Vertx vertx, Source source, int room) {
        Await.onLoop(vertx, source::open);
        List<Records.Entry> entries = new ArrayList<>();
        boolean more = true;
        while (more) {
            Records records = new Records(room);
            more = Await.onLoop(vertx, () -> source.read(records));
            entries.addAll(records.entries());
        }
        Await.onLoop(vertx, source::close);
        return entries;
    }

    /** The values of the good records. */
    public static List<JsonNode> values(Vertx vertx, Source source) {
        return all(vertx, source, 7).stream()
                .filter(entry -> entry.failure() == null)
                .map(Records.Entry::value)
                .toList();
    }

    /** The same, as JSON texts. */
    public static List<String> texts(Vertx vertx, Source source) {
        return values(vertx, source).stream().map(JsonNode::toString).toList();
    }

    /** The failures of the bad records. */
    public static List<Failure> failures(List<Records.Entry> entries) {
        return entries.stream()
                .map(Records.Entry::failure)
                .filter(Objects::nonNull)
                .toList();
    }
}
