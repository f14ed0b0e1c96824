package io.millrace.connect.http;

import io.millrace.spi.Failure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: through the gate, onto a connection, until the last byte of the body. It ends once: with the answer,
 * with what went wrong, or when it is given up; then its connection is closed, and its place at the gate free. A place whose
 * connection is still being made stays taken until that is decided, for a connect cannot be called back.
 *
 * <p>Confined to the event loop of the context.
 */
final class Exchange {
    /** How far it has come; what a timeout says. */
    private enum Phase {
        WAITING,
        CONNECTING,
        SENT,
        BODY,
        ENDED
    }

    /** The answer to a request, its body complete in the sink. */
    record Received(HttpClientResponse response, BodySink sink) {}

    private final Client client;
    private final Outbound out;
    private final Context context;
    private final Function<HttpClientResponse, BodySink> sinks;
    private final Runnable granted;
    private final Promise<Received> promise = Promise.promise();

    private Phase phase = Phase.WAITING;
    private Gate.@Nullable Ticket ticket;
    private @Nullable HttpClientRequest request;
    private @Nullable BodySink sink;
    private boolean reused;
    private long received;
    private long expected = -1;

    /**
     * @param sinks chooses, by its head, who takes the body of an answer
     * @param granted told when the request is let through the gate
     */
    Exchange(
            Client client,
            Outbound out,
            Context context,
            Function<HttpClientResponse, BodySink> sinks,
            Runnable granted) {
        this.client = client;
        this.out = out;
        this.context = context;
        this.sinks = sinks;
        this.granted = granted;
    }

    Future<Received> run() {
        Gate.Ticket asked =
                client.gate().enter(out.target().address(), client.crawlDelay(out.target()), context, this::connect);
        ticket = asked;
        if (asked.isAdmitted()) {
            connect();
        }
        return promise.future();
    }

    private void connect() {
        if (phase == Phase.ENDED) {
            leave();
            return;
        }
        granted.run();
        phase = Phase.CONNECTING;
        Target to = out.target();
        RequestOptions options = new RequestOptions()
                .setMethod(out.method())
                .setHost(to.host())
                .setPort(to.port())
                .setSsl(to.ssl())
                .setURI(to.uri());
        client.http().request(options).onComplete(this::connected);
    }

    private void connected(AsyncResult<HttpClientRequest> made) {
        if (made.failed()) {
            leave();
            fail(Failures.connecting(made.cause(), out.target(), client.settings()));
            return;
        }
        HttpClientRequest ready = made.result();
        reused = client.wasUsed(ready.connection());
        if (phase == Phase.ENDED) {
            ready.exceptionHandler(Client::toldByTheRequest);
            ready.reset();
            leave();
            return;
        }
        request = ready;
        try {
            send(ready);
        } catch (RuntimeException refused) {
            giveUp(Failures.answering(refused, out.target()));
        }
    }

    private void send(HttpClientRequest ready) {
        ready.exceptionHandler(Client::toldByTheRequest);
        client.writeHeaders(out, ready.headers());
        phase = Phase.SENT;
        Outbound.Payload payload = out.payload();
        Future<HttpClientResponse> answer;
        if (payload == null) {
            answer = ready.send();
        } else if (payload.form() != null) {
            answer = ready.send(payload.form());
        } else {
            answer = payload.bytes() == null ? ready.send() : ready.send(payload.bytes());
        }
        answer.onComplete(this::answered);
    }

    private void answered(AsyncResult<HttpClientResponse> answer) {
        if (phase == Phase.ENDED) {
            return;
        }
        if (answer.failed()) {
            giveUp(lost(answer.cause()));
            return;
        }
        HttpClientResponse response = answer.result();
        phase = Phase.BODY;
        expected = contentLength(response);
        response.exceptionHandler(this::broken);
        try {
            BodySink chosen = sinks.apply(response);
            sink = chosen;
            response.handler(chunk -> take(chunk, response, chosen));
            response.endHandler(v -> complete(response, chosen));
        } catch (RuntimeException refused) {
            giveUp(Failure.from(refused));
        }
    }

    private Throwable lost(Throwable cause) {
        return reused && out.idempotent() && Failures.closed(cause)
                ? new Stale(Failures.answering(cause, out.target()))
                : Failures.answering(cause, out.target());
    }

    private void broken(Throwable cause) {
        if (phase != Phase.ENDED) {
            giveUp(Failures.inBody(cause, out.target(), received, expected));
        }
    }

    private void take(Buffer chunk, HttpClientResponse response, BodySink into) {
        if (phase == Phase.ENDED) {
            return;
        }
        received += chunk.length();
        try {
            into.accept(chunk, response);
            if (into.isFull()) {
                cutShort(response, into);
            }
        } catch (RuntimeException refused) {
            giveUp(Failure.from(refused));
        }
    }

    private void complete(HttpClientResponse response, BodySink into) {
        if (phase == Phase.ENDED) {
            return;
        }
        leave();
        into.end().onComplete(done -> {
            if (done.failed()) {
                fail(done.cause());
            } else if (phase != Phase.ENDED) {
                phase = Phase.ENDED;
                promise.complete(new Received(response, into));
            }
        });
    }

    /** The end of the body is no longer of interest: succeeds with what came, and closes the connection. */
    private void cutShort(HttpClientResponse response, BodySink into) {
        phase = Phase.ENDED;
        stop().onComplete(v -> promise.complete(new Received(response, into)));
    }

    /**
     * Ends it with this failure, unless it has ended. Completes, and the failure is told, when its connection is closed and its sink
     * cleaned up: who tries again meets nothing of it.
     */
    Future<Void> giveUp(Throwable reason) {
        if (phase == Phase.ENDED) {
            return Future.succeededFuture();
        }
        boolean connecting = phase == Phase.CONNECTING && request == null;
        phase = Phase.ENDED;
        Future<Void> stopped = connecting ? Future.succeededFuture() : stop();
        return stopped.onComplete(v -> promise.tryFail(reason));
    }

    private Future<Void> stop() {
        Future<Void> closed =
                request == null ? Future.succeededFuture() : request.reset().otherwiseEmpty();
        BodySink begun = sink;
        Future<Void> cleaned =
                begun == null ? closed : closed.eventually(begun::abort).otherwiseEmpty();
        leave();
        return cleaned;
    }

    private void fail(Throwable reason) {
        if (phase != Phase.ENDED) {
            phase = Phase.ENDED;
            promise.fail(reason);
        }
    }

    private void leave() {
        if (ticket != null) {
            client.gate().leave(ticket);
        }
    }

    /** Whether its wait is for the pace that the flow or the server set, rather than for a free place. */
    boolean waitsForPace() {
        return phase == Phase.WAITING && ticket != null && client.gate().paced(ticket);
    }

    /** What it does now, as a phrase. */
    String doing() {
        String where = out.target().address();
        switch (phase) {
            case WAITING:
                return ticket == null ? "" : client.gate().doing(ticket);
            case CONNECTING:
                return "connecting to " + where;
            case SENT:
                return "waiting for the first byte from " + where;
            case BODY:
                return "reading the body from " + where + ", of which " + received
                        + (expected < 0 ? "" : " of " + expected) + " bytes had come";
            default:
                return "";
        }
    }

    /** What it was doing when time ran out. */
    Failure timeout(String time) {
        String where = out.target().address();
        switch (phase) {
            case WAITING:
                return Failures.timeout(waited(time, where));
            case CONNECTING:
                return Failures.timeout("no connection to " + where + " within " + time);
            case SENT:
                return Failures.timeout(where + " sent no answer within " + time);
            default:
                return Failures.timeout("the body from " + where + " was not complete after " + time + " (" + received
                        + (expected < 0 ? "" : " of " + expected)
                        + " bytes). Raise the client's timeout, or cut it there.");
        }
    }

    private String waited(String time, String where) {
        return "waited " + time + " for a connection to " + where
                + (ticket == null
                        ? ""
                        : " (" + client.gate().inUse(ticket) + " in use, "
                                + client.gate().waiting(ticket) + " waiting)")
                + ". Raise the client's perHost, or lower the stage's concurrency.";
    }

    static long contentLength(HttpClientResponse response) {
        String text = response.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return text == null ? -1 : Long.parseLong(text.trim());
        } catch (NumberFormatException unusable) {
            return -1;
        }
    }

    /** A kept connection that the server had closed meanwhile: nothing was lost by asking again. */
    static final class Stale extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Failure failure;

        Stale(Failure failure) {
            super(failure.message(), failure, false, false);
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }
}
