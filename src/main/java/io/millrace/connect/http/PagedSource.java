package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Jq;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.millrace.spi.Settings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Pages that have an end. A record is found again by asking for its page again, and counting; the pages between are not asked for. So it
 * is the same record as long as the API gives the same pages: if records have moved from one to another meanwhile, some come twice or not
 * at all, as they would without a stop. Secrets are neither in tokens ({@link PageAddress}) nor in the fingerprint.
 *
 * <p>Confined to the event loop of the source.
 */
final class PagedSource implements Replayable {
    private static final String URL = "url";

    private final Assembly assembly;
    private final Settings settings;
    private final Client client;
    private final Paging paging;
    private Pages pages;

    PagedSource(Settings settings, Assembly assembly) {
        this.assembly = assembly;
        this.settings = settings;
        this.client = assembly.resource(settings.find(SourceFields.CLIENT), "http", Client.class);
        this.paging = new Paging(settings, assembly);
        this.pages = from(Pages.Start.first(paging));
    }

    private Pages from(Pages.Start start) {
        return new Pages(paging, client, assembly, start);
    }

    @Override
    public Future<Boolean> read(Records into) {
        return pages.read(into);
    }

    @Override
    public Future<Void> replay(JsonNode first, JsonNode last) {
        PageToken from = PageToken.of(first);
        long end = PageToken.of(last).position();
        return goTo(from.position() - 1, start(from.page(), from.index() - 1, from.address()))
                .onSuccess(there -> pages.until(end));
    }

    @Override
    public Future<Void> resume(@Nullable JsonNode after) {
        if (after == null) {
            return goTo(-1, Pages.Start.first(paging));
        }
        PageToken from = PageToken.of(after);
        JsonNode next = from.next();
        return goTo(
                from.position(),
                next == null ? start(from.page(), from.index(), from.address()) : start(from.page() + 1, 0, next));
    }

    private Pages.Start start(long page, long given, JsonNode address) {
        Outbound first = paging.first();
        Target target = PageAddress.target(address, first.target());
        return new Pages.Start(
                new Outbound(first.method(), target, first.headers(), first.payload(), first.origin()), page, given);
    }

    /** Goes on behind that position: with the pages as they are if it lies ahead, else with new ones from there. */
    private Future<Void> goTo(long position, Pages.Start otherwise) {
        pages.until(Long.MAX_VALUE);
        if (pages.skipTo(position)) {
            return Future.succeededFuture();
        }
        Pages before = pages;
        pages = from(otherwise);
        return before.close();
    }

    @Override
    public Future<ObjectNode> fingerprint() {
        ObjectNode now = JsonNodeFactory.instance.objectNode();
        now.put(URL, SourceFields.shown(paging.first().target(), settings, assembly))
                .put("method", paging.first().method().name());
        now.set("query", parameters(paging.first().target()));
        now.set("items", crc(settings.find(SourceFields.ITEMS)));
        now.set("next", crc(settings.find(SourceFields.NEXT)));
        return Future.succeededFuture(now);
    }

    private static ArrayNode parameters(Target target) {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        Stream.of(target.query().split("&", -1))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2)[0])
                .forEach(names::add);
        return names;
    }

    private static JsonNode crc(Optional<Jq> jq) {
        CRC32 crc = new CRC32();
        jq.ifPresent(filter -> crc.update(filter.source().getBytes(StandardCharsets.UTF_8)));
        return ExactJson.whole(crc.getValue());
    }

    @Override
    public Future<Optional<String>> changed(ObjectNode then, @Nullable JsonNode lowest) {
        return fingerprint()
                .map(now -> Stream.of(URL, "method", "query", "items", "next")
                        .filter(name -> !now.path(name).equals(then.path(name)))
                        .findFirst()
                        .map(name -> "The " + difference(name, then.path(name), now.path(name))
                                + " Put it back, or start over with --fresh."));
    }

    private static String difference(String name, JsonNode then, JsonNode now) {
        return "\"" + name + "\" of the http source "
                + (name.equals(URL)
                        ? "is " + now.asText() + "; when the run began, it was " + then.asText() + "."
                        : "is not what it was when the run began.");
    }

    @Override
    public String place(JsonNode token) {
        PageToken record = PageToken.of(token);
        return String.format(Locale.ROOT, "record %,d of page %,d", record.index(), record.page());
    }

    @Override
    public Future<Void> close() {
        return pages.close();
    }
}
