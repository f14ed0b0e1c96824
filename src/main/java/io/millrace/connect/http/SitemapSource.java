package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.vertx.core.Future;
import io.vertx.core.Timer;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The URLs of a sitemap and of those it lists, one file after another: the next is asked for when this one has been taken. Confined to the
 * event loop of the source.
 */
final class SitemapSource implements Source {
    /** @param depth 0 for the first */
    private record Listed(String url, int depth) {}

    /** @param failure why it is bad, or null */
    private record Entry(
            String url, @Nullable String modified, @Nullable Failure failure) {
        ObjectNode json() {
            return JsonNodeFactory.instance.objectNode().put("url", url).put("modified", modified);
        }
    }

    private final Assembly assembly;
    private final Client client;
    private final SourceFields.Retry retry;
    private final int maxDepth;
    private final int maxFiles;
    private final Deque<Listed> sitemaps = new ArrayDeque<>();
    private final Set<String> known = new HashSet<>();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private @Nullable Fetch fetch;
    private @Nullable Timer pause;
    private long position;
    private boolean closed;

    SitemapSource(Settings settings, Assembly assembly) {
        this.assembly = assembly;
        this.client = assembly.resource(settings.find(SourceFields.CLIENT), "http", Client.class);
        this.retry = settings.get(SourceFields.RETRY);
        this.maxDepth = settings.get(SitemapSourceType.MAX_DEPTH);
        this.maxFiles = settings.get(SitemapSourceType.MAX_FILES);
        list(Target.parse(settings.get(SitemapSourceType.URL)).url(), 0);
    }

    @Override
    public Future<Boolean> read(Records into) {
        drain(into);
        if (into.size() > 0 || sitemaps.isEmpty() || closed) {
            return Future.succeededFuture(!closed && (!entries.isEmpty() || !sitemaps.isEmpty()));
        }
        return open(sitemaps.remove()).compose(done -> read(into));
    }

    private void drain(Records into) {
        while (!entries.isEmpty() && !into.isFull()) {
            Entry entry = entries.remove();
            Failure wrong = entry.failure();
            if (wrong == null) {
                into.add(entry.json(), ++position);
            } else {
                into.bad(entry.json(), ++position, wrong);
            }
        }
    }

    private void list(String url, int depth) {
        if (!known.add(url)) {
            return;
        }
        if (known.size() > maxFiles) {
            throw Failure.of(
                    Kind.LIMIT, "more than " + maxFiles + " sitemaps are listed (maxFiles), the next is " + url + ".");
        }
        sitemaps.add(new Listed(url, depth));
    }

    private Future<Void> open(Listed listed) {
        if (listed.depth() > maxDepth) {
            return bad(
                    listed,
                    Failure.of(Kind.LIMIT, listed.url() + " is listed deeper than maxDepth (" + maxDepth + ")."));
        }
        Target target = Target.parse(listed.url());
        return fetch(target, 1)
                .compose(answer -> assembly.blocking(() ->
                        Sitemap.parse(target, answer.body(), client.settings().maxBody())))
                .map(sitemap -> take(sitemap, listed))
                .recover(thrown -> refused(listed, Failure.from(thrown)));
    }

    /** One file of many is a record that is bad; the bound on their number, and the first of them, concern the run. */
    private Future<Void> refused(Listed listed, Failure why) {
        boolean ofTheRun = listed.depth() == 0 || closed || known.size() > maxFiles;
        return ofTheRun ? Future.failedFuture(why) : bad(listed, why);
    }

    private Future<Void> bad(Listed listed, Failure why) {
        entries.add(new Entry(listed.url(), null, why));
        return Future.succeededFuture();
    }

    private @Nullable Void take(Sitemap sitemap, Listed from) {
        sitemap.pages().forEach(page -> entries.add(new Entry(page.url(), page.modified(), null)));
        sitemap.bad()
                .forEach(text -> entries.add(new Entry(
                        text,
                        null,
                        Failure.badData("\"" + text + "\", listed by " + from.url() + ", is not an http URL."))));
        sitemap.sitemaps().forEach(url -> list(url, from.depth() + 1));
        return null;
    }

    private Future<Answer> fetch(Target target, int attempt) {
        ObjectNode headers = JsonNodeFactory.instance.objectNode();
        Outbound request = new Outbound(HttpMethod.GET, target, headers, null, target);
        Fetch asked = client.fetch(request, Fetch.Wish.inMemory(Expect.NO_ERROR));
        fetch = asked;
        return asked.run().recover(thrown -> again(Failure.from(thrown), target, attempt));
    }

    private Future<Answer> again(Failure wrong, Target target, int attempt) {
        if (closed || !wrong.retryable() || attempt >= retry.attempts()) {
            return Future.failedFuture(
                    attempt == 1 ? wrong : wrong.saying(wrong.message() + " (after " + attempt + " attempts)"));
        }
        Timer timer =
                assembly.vertx().timer(Math.max(1, retry.pause(wrong, attempt).toMillis()), TimeUnit.MILLISECONDS);
        pause = timer;
        return timer.compose(done -> fetch(target, attempt + 1));
    }

    @Override
    public Future<Void> close() {
        closed = true;
        Timer waiting = pause;
        if (waiting != null) {
            waiting.cancel();
        }
        Fetch current = fetch;
        return current == null
                ? Future.succeededFuture()
                : current.giveUp(Failure.of(Kind.CANCELLED, "the source was closed"));
    }
}
