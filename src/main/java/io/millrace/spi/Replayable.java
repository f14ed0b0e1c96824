package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source that another process can go on reading where this one stopped. A token names one record for good: an offset, a key, an
 * index. It is small, survives being written as JSON text, and is only made for reads that ask for it ({@link Records#wantsTokens});
 * all reads of one source ask alike. Bad records have tokens as well.
 *
 * <p>Called like {@link #read}, after {@link #open}, never while a read is under way. {@link #replay} and {@link #resume} may be called
 * at any time, in any order; the pieces of one run are best replayed in the order of the source, which costs least.
 */
public interface Replayable extends Source {
    /**
     * What it reads, as it is now. Kept with the run and handed to {@link #changed} later. Equal fingerprints mean that nothing seems to
     * have changed; they are equal as JSON texts and as nodes read from them.
     */
    Future<ObjectNode> fingerprint();

    /**
     * Why the records that are still needed cannot be read as they were, in sentences for the user that say what changed and how to mend
     * it; empty if they can. What was added at the end is no change.
     *
     * @param then what {@link #fingerprint} said, when the run began or later
     * @param lowest the token of the first record that is not done with; if there is none, of the last record read; null if nothing was read
     */
    Future<Optional<String>> changed(ObjectNode then, @Nullable JsonNode lowest);

    /**
     * Reads then yield the records first to last, both included, and end ({@code false}). Records that have vanished are left out; none
     * outside is yielded. Fails if the place of the first cannot be found.
     */
    Future<Void> replay(JsonNode first, JsonNode last);

    /** Reads then go on behind the record of that token, also after an end; null: from the beginning. */
    Future<Void> resume(@Nullable JsonNode after);

    /** Where a record is, in words that follow "at": {@code 53,120 of urls.txt}. */
    default String place(JsonNode token) {
        return token.toString();
    }
}
