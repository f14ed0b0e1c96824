package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * OAuth 2 tokens: fetched by the client they are for, kept, and fetched once however many requests find them refused. The request for
 * a token carries none itself.
 */
final class Tokens implements Credentials {
    /** A token this near its end is renewed before it is refused. */
    private static final long MARGIN = TimeUnit.SECONDS.toNanos(30);

    private final Settings settings;
    private final Client client;
    private @Nullable String refreshToken;
    private volatile @Nullable String header;
    private volatile long renewAt = Long.MAX_VALUE;
    private @Nullable Future<Boolean> underWay;

    Tokens(Settings settings, Client client) {
        this.settings = settings;
        this.client = client;
        this.refreshToken = settings.find(ClientFields.REFRESH_TOKEN).orElse(null);
    }

    @Override
    public Future<Void> open() {
        return fetch().mapEmpty();
    }

    @Override
    public Optional<String> header() {
        String current = header;
        if (current != null && System.nanoTime() - renewAt > 0) {
            // The old one still serves while the new one is on its way.
            renewAt = System.nanoTime() + MARGIN;
            var unused = renew(current);
        }
        return Optional.ofNullable(current);
    }

    @Override
    public Future<Boolean> renew(String refused) {
        return refused.equals(header) ? fetch() : Future.succeededFuture(true);
    }

    private Future<Boolean> fetch() {
        Promise<Boolean> promise = Promise.promise();
        synchronized (this) {
            if (underWay != null) {
                return underWay;
            }
            underWay = promise.future();
        }
        request().map(this::keep).onComplete(done -> {
            synchronized (this) {
                underWay = null;
            }
            promise.handle(done.map(true));
        });
        return promise.future();
    }

    private Future<Answer> request() {
        Target to = Target.parse(settings.get(ClientFields.TOKEN_URL));
        Buffer form = Buffer.buffer(Query.encode(parameters(), Query.Spaces.PLUS));
        ObjectNode headers = JsonNodeFactory.instance.objectNode();
        headers.putNull("authorization").put("accept", "application/json");
        Outbound request = new Outbound(
                HttpMethod.POST,
                to,
                headers,
                new Outbound.Payload(form, null, "application/x-www-form-urlencoded"),
                to);
        return client.fetchUnasked(request, Fetch.Wish.forToken()).run().recover(this::explain);
    }

    private ObjectNode parameters() {
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        String refresh = refreshToken;
        form.put("grant_type", refresh == null ? "client_credentials" : "refresh_token");
        if (refresh != null) {
            form.put("refresh_token", refresh);
        }
        form.put("client_id", settings.get(ClientFields.CLIENT_ID));
        settings.find(ClientFields.CLIENT_SECRET).ifPresent(secret -> form.put("client_secret", secret));
        settings.find(ClientFields.SCOPE).ifPresent(scope -> form.put("scope", scope));
        return form;
    }

    private Future<Answer> explain(Throwable thrown) {
        Failure failure = Failure.from(thrown);
        return Future.failedFuture(Failure.build(failure.kind(), "no OAuth 2 token: " + failure.message())
                .retryable(failure.retryable())
                .cause(failure)
                .done());
    }

    private Boolean keep(Answer answer) {
        JsonNode json = Bodies.json(answer.body(), StandardCharsets.UTF_8, answer.url());
        String token = json.path("access_token").asText("");
        if (token.isEmpty()) {
            throw Failure.of(Kind.BAD_DATA, "no OAuth 2 token: the answer of " + answer.url() + " has no access_token");
        }
        if (json.path("refresh_token").isTextual()) {
            refreshToken = json.path("refresh_token").textValue();
        }
        long seconds = json.path("expires_in").asLong(0);
        renewAt = seconds <= 0
                ? System.nanoTime() + TimeUnit.DAYS.toNanos(3650)
                : System.nanoTime()
                        + Math.max(TimeUnit.SECONDS.toNanos(seconds) / 2, TimeUnit.SECONDS.toNanos(seconds) - MARGIN);
        header = "Bearer " + token;
        return true;
    }

    @Override
    public String toString() {
        return Map.of("tokenUrl", settings.get(ClientFields.TOKEN_URL)).toString();
    }
}
