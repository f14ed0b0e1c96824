package io.millrace.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a source was read. All records up to {@code last} were admitted; those in {@code pending} are not done yet.
 *
 * @param part of a source that is read in parts; else empty
 * @param fingerprint what the source read, see {@link io.millrace.spi}'s replayable sources
 * @param seq how many records were admitted
 * @param last token of the last one; null before the first
 * @param ended whether there are no more
 */
public record Progress(
        String stage,
        String part,
        ObjectNode fingerprint,
        long seq,
        @Nullable JsonNode last,
        List<Pending> pending,
        boolean ended) {
    public Progress {
        pending = List.copyOf(pending);
    }

    /**
     * Successive records that were admitted and not committed.
     *
     * @param seq number of the first
     * @param first token of the first
     * @param last token of the last
     */
    public record Pending(long seq, int count, JsonNode first, JsonNode last) {}
}
