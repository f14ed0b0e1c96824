package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.millrace.spi.Settings;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The URLs of a sitemap and of those it lists, one file after another: the next is asked for when this one has been taken. An entry is found
 * again by its file and its place there; for that, those files are read again that list others, and no more.
 *
 * <p>Confined to the event loop of the source.
 */
final class SitemapSource implements Replayable {
    /** @param depth 0 for the first */
    private record Listed(String url, int number, int depth) {}

    /** @param failure why it is bad, or null */
    private record Entry(
            String url, @Nullable String modified, @Nullable Failure failure, int index) {
        ObjectNode json() {
            return JsonNodeFactory.instance.objectNode().put("url", url).put("modified", modified);
        }
    }

    private final Settings settings;
    private final Assembly assembly;
    private final Target first;
    private final SitemapFiles files;
    private final int maxDepth;
    private final int maxFiles;
    private final Deque<Listed> sitemaps = new ArrayDeque<>();
    private final Set<String> known = new HashSet<>();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private ArrayNode listing = JsonNodeFactory.instance.arrayNode();
    private ArrayNode listingBefore = listing;
    private Listed current;
    private int passedOver;
    private int taken;
    private long position;
    private @Nullable SitemapPlace until;

    SitemapSource(Settings settings, Assembly assembly) {
        this.settings = settings;
        this.assembly = assembly;
        this.files = new SitemapFiles(settings, assembly);
        this.maxDepth = settings.get(SitemapSourceType.MAX_DEPTH);
        this.maxFiles = settings.get(SitemapSourceType.MAX_FILES);
        this.first = Target.parse(settings.get(SitemapSourceType.URL));
        this.current = new Listed(first.url(), 0, 0);
        begin();
    }

    private void begin() {
        current = new Listed(first.url(), 0, 0);
        entries.clear();
        sitemaps.clear();
        known.clear();
        listing = JsonNodeFactory.instance.arrayNode();
        passedOver = 0;
        taken = 0;
        position = 0;
        list(first.url(), 0);
    }

    @Override
    public Future<Boolean> read(Records into) {
        drain(into);
        if (into.size() > 0 || isOver()) {
            return Future.succeededFuture(!isOver());
        }
        return open(sitemaps.remove()).compose(done -> read(into));
    }

    private boolean isOver() {
        return files.isClosed() || isThrough() || (entries.isEmpty() && sitemaps.isEmpty());
    }

    private boolean isThrough() {
        SitemapPlace end = until;
        if (end == null) {
            return false;
        }
        return entries.isEmpty()
                ? sitemaps.isEmpty()
                        || sitemaps.element().number() > end.file()
                        || place(taken).isNotBefore(end)
                : current.number() > end.file()
                        || (current.number() == end.file() && entries.element().index() > end.index());
    }

    private void drain(Records into) {
        while (!entries.isEmpty() && !into.isFull() && !isThrough()) {
            Entry entry = entries.remove();
            taken = entry.index();
            position++;
            JsonNode token = into.wantsTokens() ? place(taken).json() : null;
            Failure wrong = entry.failure();
            if (wrong == null) {
                into.add(entry.json(), position, token);
            } else {
                into.bad(entry.json(), position, token, wrong);
            }
        }
    }

    private SitemapPlace place(int index) {
        return new SitemapPlace(
                position, current.number(), index, current.number() == 0 ? "" : current.url(), listingBefore);
    }

    private void list(String url, int depth) {
        if (!known.add(url)) {
            return;
        }
        if (known.size() > maxFiles) {
            throw Failure.of(
                    Kind.LIMIT, "more than " + maxFiles + " sitemaps are listed (maxFiles), the next is " + url + ".");
        }
        sitemaps.add(new Listed(url, known.size() - 1, depth));
    }

    private Future<Void> open(Listed listed) {
        current = listed;
        listingBefore = listing;
        taken = passedOver;
        if (listed.depth() > maxDepth) {
            return bad(
                    listed,
                    Failure.of(Kind.LIMIT, listed.url() + " is listed deeper than maxDepth (" + maxDepth + ")."));
        }
        return files.read(target(listed))
                .map(sitemap -> take(sitemap, listed))
                .recover(thrown -> refused(listed, Failure.from(thrown)));
    }

    private Target target(Listed listed) {
        return listed.number() == 0 ? first : Target.parse(listed.url());
    }

    /** One file of many is a record that is bad; the bound on their number, and the first of them, concern the run. */
    private Future<Void> refused(Listed listed, Failure why) {
        boolean ofTheRun = listed.depth() == 0 || files.isClosed() || known.size() > maxFiles;
        return ofTheRun ? Future.failedFuture(why) : bad(listed, why);
    }

    private Future<Void> bad(Listed listed, Failure why) {
        add(listed.url(), null, why, 1);
        passedOver = 0;
        return Future.succeededFuture();
    }

    private void add(String url, @Nullable String modified, @Nullable Failure why, int index) {
        if (index > passedOver) {
            entries.add(new Entry(url, modified, why, index));
        }
    }

    private @Nullable Void take(Sitemap sitemap, Listed from) {
        int index = 0;
        for (Sitemap.Page page : sitemap.pages()) {
            add(page.url(), page.modified(), null, ++index);
        }
        for (String text : sitemap.bad()) {
            Failure why = Failure.badData("\"" + text + "\", listed by " + from.url() + ", is not an http URL.");
            add(text, null, why, ++index);
        }
        passedOver = 0;
        return follow(sitemap, from);
    }

    private @Nullable Void follow(Sitemap sitemap, Listed from) {
        if (!sitemap.sitemaps().isEmpty()) {
            listing = listing.deepCopy().add(from.number());
        }
        sitemap.sitemaps().forEach(url -> list(url, from.depth() + 1));
        return null;
    }

    @Override
    public Future<Void> replay(JsonNode from, JsonNode to) {
        SitemapPlace place = SitemapPlace.of(from);
        return goTo(place, place.index() - 1, place.position() - 1).onSuccess(there -> until = SitemapPlace.of(to));
    }

    @Override
    public Future<Void> resume(@Nullable JsonNode after) {
        if (after == null) {
            until = null;
            begin();
            return Future.succeededFuture();
        }
        SitemapPlace place = SitemapPlace.of(after);
        return goTo(place, place.index(), place.position());
    }

    /** Goes on behind that index of the file. */
    private Future<Void> goTo(SitemapPlace place, int index, long before) {
        until = null;
        boolean ahead = current.number() == place.file()
                && place(0).url().equals(place.url())
                && (taken == index || (taken < index && !entries.isEmpty()));
        if (ahead) {
            while (!entries.isEmpty() && entries.element().index() <= index) {
                entries.remove();
            }
            taken = index;
            position = before;
            return Future.succeededFuture();
        }
        begin();
        return listAgain(place, 0).onSuccess(listed -> {
            passedOver = index;
            position = before;
        });
    }

    /** Reads the files again that list others, up to that of the place, which is then the next one. */
    private Future<Void> listAgain(SitemapPlace place, int at) {
        if (at == place.listing().size()) {
            return find(place);
        }
        int number = place.listing().path(at).asInt();
        sitemaps.removeIf(listed -> listed.number() < number);
        if (sitemaps.isEmpty()) {
            return Future.failedFuture(gone(place));
        }
        Listed listed = sitemaps.remove();
        return files.read(target(listed))
                .map(sitemap -> follow(sitemap, listed))
                .compose(followed -> listAgain(place, at + 1));
    }

    private Future<Void> find(SitemapPlace place) {
        while (!sitemaps.isEmpty() && !isThat(sitemaps.element(), place)) {
            sitemaps.remove();
        }
        return sitemaps.isEmpty() ? Future.failedFuture(gone(place)) : Future.succeededFuture();
    }

    private static boolean isThat(Listed listed, SitemapPlace place) {
        return place.url().isEmpty() ? listed.number() == 0 : listed.url().equals(place.url());
    }

    private static Failure gone(SitemapPlace place) {
        return Failure.badData(
                place.url() + ", where the run goes on, is not listed any more as it was. Start over with --fresh.");
    }

    @Override
    public Future<ObjectNode> fingerprint() {
        return Future.succeededFuture(JsonNodeFactory.instance
                .objectNode()
                .put("url", SourceFields.shown(first, settings, assembly))
                .put("maxDepth", maxDepth));
    }

    @Override
    public Future<Optional<String>> changed(ObjectNode then, @Nullable JsonNode lowest) {
        return fingerprint()
                .map(now -> now.equals(then)
                        ? Optional.empty()
                        : Optional.of("The sitemap source reads "
                                + now.path("url").asText() + " to the depth "
                                + maxDepth + "; when the run began, it was "
                                + then.path("url").asText() + " to the depth "
                                + then.path("maxDepth").asText() + ". Put it back, or start over with --fresh."));
    }

    @Override
    public String place(JsonNode token) {
        SitemapPlace at = SitemapPlace.of(token);
        return String.format(Locale.ROOT, "%,d", at.position());
    }

    @Override
    public Future<Void> close() {
        return files.close();
    }
}
