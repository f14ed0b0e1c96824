package io.millrace.connect.http;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Scope;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request until its answer counts: follows redirects, signs in anew once, keeps the pauses that a server asks for, and sends again
 * what was lost with a kept connection. One deadline bounds all of it but the waits that the flow or the server asked for.
 *
 * <p>Confined to the event loop on which it was started, {@link #stop} too.
 */
final class Fetch implements Scope.Operation {
    /** Of a body that is no answer, so much is read: enough to tell why, and to keep the connection. */
    static final int EXCERPT = 64 * 1024;

    private static final int MAX_PAUSES = 5;

    /**
     * What the asker takes as an answer, and who takes its body.
     *
     * @param sink chooses by the answer's head; empty to keep the body in memory
     */
    record Wish(Expect expect, Optional<Function<HttpClientResponse, BodySink>> sink) {
        static Wish inMemory(Expect expect) {
            return new Wish(expect, Optional.empty());
        }

        /** For the sign-in itself. */
        static Wish forToken() {
            return inMemory(Expect.NO_ERROR);
        }
    }

    /** What an answer means. */
    private enum Verdict {
        ANSWER,
        REDIRECT,
        SIGN_IN,
        PAUSE,
        REJECTION
    }

    private final Client client;
    private final Wish wish;
    private final Optional<Robots> robots;
    private final Context context;
    private final Promise<Answer> promise = Promise.promise();
    private final long started = System.nanoTime();

    private Outbound request;
    private @Nullable Exchange exchange;
    private Verdict verdict = Verdict.ANSWER;
    private long timer = -1;
    private boolean ended;
    private int redirects;
    private int pauses;
    private boolean signedInAnew;
    private boolean sentAgain;
    private String authorization = "";
    private String doing = "";

    /** @param robots asked before a server is; empty where there is no need */
    Fetch(Client client, Outbound request, Wish wish, Optional<Robots> robots) {
        this.client = client;
        this.robots = robots;
        this.request = request;
        this.wish = wish;
        this.context = client.vertx().getOrCreateContext();
    }

    Future<Answer> run() {
        if (!ended) {
            sendIfAllowed(request);
        }
        return promise.future();
    }

    @Override
    public String doing() {
        Exchange current = exchange;
        return current == null ? doing : current.doing();
    }

    /** Stops it, with CANCELLED; completes when its connection is closed. */
    @Override
    public Future<Void> stop() {
        return giveUp(Failure.of(Kind.CANCELLED, request + " was cancelled"));
    }

    /** Takes the deadline away: the answer has begun, and who reads it takes the time it needs. */
    void unhurried() {
        client.vertx().cancelTimer(timer);
    }

    /** Ends it with this failure, unless it has ended; completes when its connection is closed. */
    Future<Void> giveUp(Failure reason) {
        Exchange current = exchange;
        if (current != null && !ended) {
            return current.giveUp(reason);
        }
        fail(reason);
        return Future.succeededFuture();
    }

    /** Sends it where robots.txt allows that; reading that file takes none of the request's time. */
    private void sendIfAllowed(Outbound next) {
        if (robots.isEmpty()) {
            begin(next);
            return;
        }
        request = next;
        Future<Void> allowed = robots.get().allow(next.target());
        if (allowed.isComplete()) {
            decided(next, allowed);
            return;
        }
        stopClock();
        exchange = null;
        doing = "reading robots.txt of " + next.target().address();
        allowed.onComplete(done -> context.runOnContext(v -> decided(next, done)));
    }

    private void decided(Outbound next, AsyncResult<Void> allowed) {
        if (allowed.failed()) {
            fail(allowed.cause());
        } else {
            begin(next);
        }
    }

    private void begin(Outbound next) {
        if (!ended && timer < 0) {
            startClock();
        }
        send(next);
    }

    private void send(Outbound next) {
        if (ended) {
            return;
        }
        request = next;
        authorization = client.credentials().header().orElse("");
        Exchange current = new Exchange(client, next, context, this::sinkFor, this::admitted);
        exchange = current;
        current.run().onComplete(this::received);
    }

    private void received(AsyncResult<Exchange.Received> result) {
        if (ended) {
            return;
        }
        if (result.failed() && result.cause() instanceof Exchange.Stale stale) {
            sendAgainOnce(stale);
        } else if (result.failed()) {
            fail(result.cause());
        } else {
            act(result.result());
        }
    }

    private void sendAgainOnce(Exchange.Stale stale) {
        if (sentAgain) {
            fail(stale.failure());
            return;
        }
        sentAgain = true;
        send(request);
    }

    private void act(Exchange.Received received) {
        HttpClientResponse response = received.response();
        client.cookies().ifPresent(jar -> jar.keep(request.target(), response.headers()));
        try {
            switch (verdict) {
                case REDIRECT:
                    redirect(response);
                    break;
                case SIGN_IN:
                    signInAnew();
                    break;
                case PAUSE:
                    pause(response);
                    break;
                case REJECTION:
                    fail(Rejection.of(request, received, pauses));
                    break;
                default:
                    answer(received);
            }
        } catch (RuntimeException wrong) {
            fail(wrong);
        }
    }

    private BodySink sinkFor(HttpClientResponse response) {
        verdict = judge(response);
        if (verdict != Verdict.ANSWER) {
            return MemoryBody.beginning(EXCERPT);
        }
        return wish.sink()
                .map(chosen -> chosen.apply(response))
                .orElseGet(() -> MemoryBody.whole(client.settings().maxBody(), expectedLength(response)));
    }

    private long expectedLength(HttpClientResponse response) {
        return request.method().equals(HttpMethod.HEAD) ? -1 : Exchange.contentLength(response);
    }

    private Verdict judge(HttpClientResponse response) {
        int status = response.statusCode();
        if (isRedirect(status)
                && client.settings().redirects() > 0
                && response.getHeader(HttpHeaders.LOCATION) != null) {
            return Verdict.REDIRECT;
        }
        if (wish.expect().accepts(status)) {
            return Verdict.ANSWER;
        }
        if (status == 401 && !signedInAnew && !authorization.isEmpty() && request.atHome()) {
            return Verdict.SIGN_IN;
        }
        boolean pausing = (status == 429 || status == 503) && pauses < MAX_PAUSES;
        return pausing && RetryAfter.of(response).isPresent() ? Verdict.PAUSE : Verdict.REJECTION;
    }

    private static boolean isRedirect(int status) {
        return (status >= 301 && status <= 303) || status == 307 || status == 308;
    }

    private void redirect(HttpClientResponse response) {
        int most = client.settings().redirects();
        if (++redirects > most) {
            throw Failure.of(
                    Kind.REJECTED,
                    "more than " + most + " redirects from " + request.origin() + ", the last to "
                            + location(response));
        }
        Target to;
        try {
            to = request.target().resolve(location(response));
        } catch (Failure notHttp) {
            throw Failure.of(
                    Kind.REJECTED,
                    request.target() + " redirects to \"" + location(response) + "\", which is not an http URL",
                    notHttp);
        }
        sendIfAllowed(request.redirected(response.statusCode(), to));
    }

    /** Headers come as Latin 1; servers that send other characters mean UTF-8. */
    private static String location(HttpClientResponse response) {
        String raw = String.valueOf(response.getHeader(HttpHeaders.LOCATION));
        return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private void signInAnew() {
        signedInAnew = true;
        exchange = null;
        doing = "fetching a new token for " + request.target().address();
        client.credentials()
                .renew(authorization)
                .onComplete(renewed -> context.runOnContext(v -> {
                    if (renewed.failed()) {
                        fail(renewed.cause());
                    } else {
                        // Without other credentials the second answer is the one that is told.
                        send(request);
                    }
                }));
    }

    private void pause(HttpClientResponse response) {
        pauses++;
        client.gate()
                .pause(
                        request.target().address(),
                        RetryAfter.of(response).orElse(Duration.ZERO),
                        response.statusCode());
        startClock();
        send(request);
    }

    private void answer(Exchange.Received received) {
        HttpClientResponse response = received.response();
        byte[] body = received.sink() instanceof MemoryBody memory ? memory.bytes() : new byte[0];
        if (client.settings().decompress() && body.length > 0) {
            body = Decoding.decode(
                    body,
                    header(response, HttpHeaders.CONTENT_ENCODING),
                    client.settings().maxBody(),
                    request.target().url());
        }
        long elapsed = (System.nanoTime() - started) / 1_000_000;
        finish();
        promise.tryComplete(new Answer(
                response.statusCode(),
                response.headers(),
                body,
                request.target().url(),
                elapsed));
    }

    static String header(HttpClientResponse response, CharSequence name) {
        String value = response.headers().get(name);
        return value == null ? "" : value;
    }

    private void fail(Throwable reason) {
        if (!ended) {
            finish();
            promise.tryFail(sparing(reason));
        }
    }

    /** Whoever tries it again has to keep the host's budget. */
    private Throwable sparing(Throwable reason) {
        String address = request.target().address();
        return reason instanceof Failure failure
                ? failure.withRetryPermit(() -> client.gate().takeRetry(address))
                : reason;
    }

    private void finish() {
        ended = true;
        stopClock();
    }

    /** A request that waited for its turn only begins now. */
    private void admitted() {
        if (exchange != null && exchange.waitsForPace()) {
            startClock();
        }
    }

    private void stopClock() {
        client.vertx().cancelTimer(timer);
        timer = -1;
    }

    private void startClock() {
        stopClock();
        timer = client.vertx().setTimer(Math.max(1, client.settings().timeout().toMillis()), id -> expired());
    }

    private void expired() {
        Exchange current = exchange;
        if (ended) {
            return;
        }
        String time = Failures.inWords(client.settings().timeout());
        if (current == null) {
            fail(Failures.timeout("no new token for " + request.target().address() + " within " + time));
        } else if (current.waitsForPace()) {
            startClock();
        } else {
            current.giveUp(current.timeout(time));
        }
    }
}
