package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Settings;
import io.vertx.core.Future;
import io.vertx.core.Timer;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Fetches sitemaps, one at a time. Confined to the event loop of the source. */
final class SitemapFiles {
    private final Assembly assembly;
    private final Client client;
    private final SourceFields.Retry retry;
    private @Nullable Fetch fetch;
    private @Nullable Timer pause;
    private boolean closed;

    SitemapFiles(Settings settings, Assembly assembly) {
        this.assembly = assembly;
        this.client = assembly.resource(settings.find(SourceFields.CLIENT), "http", Client.class);
        this.retry = settings.get(SourceFields.RETRY);
    }

    boolean isClosed() {
        return closed;
    }

    Future<Sitemap> read(Target target) {
        return fetch(target, 1)
                .compose(answer -> assembly.blocking(() ->
                        Sitemap.parse(target, answer.body(), client.settings().maxBody())));
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

    Future<Void> close() {
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
