package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Records that have come and were not taken yet. Their position is {@code page × 10⁹ + ordinal}, both from 1, so that it tells the page.
 * Where a page begins anew, those that it has given are passed over. Confined to one event loop.
 */
final class PageRecords implements StreamFormat.Out {
    private static final long PAGE = 1_000_000_000;

    private record Entry(
            JsonNode value,
            long position,
            @org.jspecify.annotations.Nullable Failure failure) {}

    private final Function<JsonNode, List<JsonNode>> expand;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private long page = 1;
    private long count;
    private long given;

    /** @param expand the records that a line's value stands for */
    PageRecords(Function<JsonNode, List<JsonNode>> expand) {
        this.expand = expand;
    }

    /**
     * A page begins, for the first time or anew.
     *
     * @param behind whether it goes on behind what it has given
     */
    void begin(boolean behind) {
        count = behind ? given : 0;
    }

    void nextPage() {
        page++;
        count = 0;
        given = 0;
    }

    long page() {
        return page;
    }

    /** How many records the page has had. */
    long count() {
        return count;
    }

    int size() {
        return waiting.size();
    }

    @Override
    public void record(JsonNode value) {
        try {
            expand.apply(value).forEach(this::take);
        } catch (Failure wrong) {
            bad(value, wrong);
        }
    }

    void take(JsonNode value) {
        if (++count > given) {
            given = count;
            waiting.add(new Entry(value, page * PAGE + count, null));
        }
    }

    @Override
    public void bad(JsonNode raw, Failure why) {
        if (++count > given) {
            given = count;
            waiting.add(new Entry(raw, page * PAGE + count, why));
        }
    }

    void drain(Records into) {
        while (!into.isFull() && !waiting.isEmpty()) {
            Entry entry = waiting.remove();
            Failure failure = entry.failure();
            if (failure == null) {
                into.add(entry.value(), entry.position());
            } else {
                into.bad(entry.value(), entry.position(), failure);
            }
        }
    }
}
