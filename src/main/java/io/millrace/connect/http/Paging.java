package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a flow says of the pages of a source, and what that makes of an answer. Safe for use by several threads. */
final class Paging {
    /** A page of JSON, and what it holds. */
    record Page(JsonNode body, List<JsonNode> records) {}

    private final Assembly assembly;
    private final Settings settings;
    private final PageFormat format;
    private final Optional<Jq> items;
    private final Optional<Jq> next;
    private final Outbound first;

    Paging(Settings settings, Assembly assembly) {
        this.assembly = assembly;
        this.settings = settings;
        this.format = settings.get(SourceFields.FORMAT);
        this.items = settings.find(SourceFields.ITEMS);
        this.next = settings.find(SourceFields.NEXT);
        this.first = PageRequest.first(settings);
    }

    Outbound first() {
        return first;
    }

    Optional<Duration> again() {
        return settings.get(SourceFields.AGAIN);
    }

    SourceFields.Retry retry() {
        return settings.get(SourceFields.RETRY);
    }

    Expect expect() {
        return settings.find(StepFields.EXPECT).orElse(Expect.NO_ERROR);
    }

    int maxLine() {
        return (int) Math.min(settings.get(SourceFields.MAX_LINE), Integer.MAX_VALUE / 4);
    }

    PageFormat format(HttpClientResponse response) {
        return format.orOf(Fetch.header(response, "content-type"));
    }

    /** The request as it is sent: one for events says so, and behind which of them it goes on. */
    Outbound prepared(Outbound request, EventFormat.Memory events) {
        String last = events.lastId();
        Outbound accepting =
                format == PageFormat.SSE ? PageRequest.with(request, "accept", "text/event-stream") : request;
        return last.isEmpty() ? accepting : PageRequest.with(accepting, "last-event-id", last);
    }

    StreamFormat lines(
            PageFormat found, HttpClientResponse response, String url, PageRecords into, EventFormat.Memory events) {
        return StreamBody.format(found, settings, response, url, into, events);
    }

    /** The page that an answer holds. May take a core's time. Throws BAD_DATA. */
    Page page(Answer answer) {
        JsonNode body = Bodies.read(answer, format == PageFormat.JSON ? Bodies.Read.JSON : Bodies.Read.AUTO);
        boolean list = items.isEmpty() && body.isArray();
        return new Page(body, list ? body.valueStream().toList() : records(body));
    }

    /** The records that a value stands for. Throws BAD_DATA. */
    List<JsonNode> records(JsonNode value) {
        return items.isPresent() ? items.get().all(value, assembly.variables()) : List.of(value);
    }

    /**
     * The request for the page behind that of the answer; empty if it is the last one. Throws BAD_DATA.
     *
     * @param count how many records it had
     */
    Optional<Outbound> following(Outbound request, Answer answer, JsonNode body, long page, long count) {
        if (next.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode seen = JsonNodeFactory.instance.objectNode();
        seen.put("status", answer.status()).put("url", answer.url());
        seen.set("headers", answer.headersJson());
        seen.set("body", body);
        seen.put("page", page).put("count", count);
        return next.get().all(seen, assembly.variables()).stream()
                .findFirst()
                .filter(named -> !named.isNull() && !(named.isBoolean() && !named.booleanValue()))
                .map(named -> PageRequest.next(request, answer.url(), named));
    }
}
