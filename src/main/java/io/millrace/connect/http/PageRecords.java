package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records that have come and were not taken yet, all of one page. Their position is {@code page × 10⁹ + ordinal}, both from 1, so that it tells
 * the page. Where a page begins anew, those that it has given are passed over. Confined to one event loop.
 */
final class PageRecords implements StreamFormat.Out {
    private record Entry(
            JsonNode value, PageToken token, @Nullable Failure failure) {
        long position() {
            return token.position();
        }
    }

    private final Function<JsonNode, List<JsonNode>> expand;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private JsonNode address = JsonNodeFactory.instance.objectNode();
    private long page;
    private long count;
    private long given;
    private long taken;
    private long until = Long.MAX_VALUE;

    /**
     * @param expand the records that a line's value stands for
     * @param page the first page
     * @param given how many of its records are passed over
     */
    PageRecords(Function<JsonNode, List<JsonNode>> expand, long page, long given) {
        this.expand = expand;
        this.page = page;
        this.given = given;
        this.taken = new PageToken(page, given, address, null).position();
    }

    /**
     * A page begins, for the first time or anew.
     *
     * @param from its address
     * @param behind whether it goes on behind what it has given
     */
    void begin(JsonNode from, boolean behind) {
        address = from;
        count = behind ? given : 0;
    }

    /** @param next the address of the next page, if the last record of this one shall tell it */
    void nextPage(@Nullable JsonNode next) {
        Entry last = next == null ? null : waiting.pollLast();
        if (last != null) {
            PageToken token = new PageToken(
                    last.token().page(), last.token().index(), last.token().address(), next);
            waiting.add(new Entry(last.value(), token, last.failure()));
        }
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

    /** Records behind that position wait. */
    void until(long position) {
        until = position;
    }

    /** Whether all up to {@link #until} have been taken. */
    boolean isThrough() {
        Entry first = waiting.peek();
        return taken >= until || (first == null ? page > until / PageToken.PAGE : first.position() > until);
    }

    /** Whether what is behind that position is still to come, and without asking for other pages. */
    boolean reaches(long position) {
        Entry first = waiting.peek();
        long next = first == null ? page : first.token().page();
        return position == taken || (position > taken && position / PageToken.PAGE == next);
    }

    /** Takes all up to that position as given. */
    void passOver(long position) {
        while (!waiting.isEmpty() && waiting.element().position() <= position) {
            waiting.remove();
        }
        if (position / PageToken.PAGE == page) {
            given = Math.max(given, position % PageToken.PAGE);
        }
        taken = position;
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
        add(value, null);
    }

    @Override
    public void bad(JsonNode raw, Failure why) {
        add(raw, why);
    }

    private void add(JsonNode value, @Nullable Failure why) {
        if (++count > given) {
            given = count;
            waiting.add(new Entry(value, new PageToken(page, count, address, null), why));
        }
    }

    void drain(Records into) {
        while (!into.isFull() && !isThrough() && !waiting.isEmpty()) {
            Entry entry = waiting.remove();
            taken = entry.position();
            JsonNode token = into.wantsTokens() ? entry.token().json() : null;
            Failure failure = entry.failure();
            if (failure == null) {
                into.add(entry.value(), entry.position(), token);
            } else {
                into.bad(entry.value(), entry.position(), token, failure);
            }
        }
    }
}
