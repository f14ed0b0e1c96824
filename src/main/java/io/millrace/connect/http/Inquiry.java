package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Caller;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Reply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for its answer. Whoever answers first wins: a step, the end of the record, a failure, the clock, or the client
 * who goes away. Any thread may answer; the answer is written on the connection's event loop.
 */
final class Inquiry implements Caller {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** Those about the message itself, which are the server's to write. */
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "connection", "keep-alive");

    /** The rest of such a request may never come: its connection is of no use any more. */
    private static final int HALF = 408;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private final Context context;
    private final UnaryOperator<String> redact;
    private final BooleanSupplier closing;
    private final AtomicBoolean over = new AtomicBoolean();
    private long timer = -1;

    /**
     * On the connection's event loop.
     *
     * @param redact takes secrets out of a text
     * @param closing whether the connection should be used no more
     */
    Inquiry(HttpServerRequest request, Vertx vertx, UnaryOperator<String> redact, BooleanSupplier closing) {
        this.request = request;
        this.response = request.response();
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.redact = redact;
        this.closing = closing;
        response.closeHandler(gone -> leave());
        response.exceptionHandler(gone -> leave());
    }

    HttpServerRequest request() {
        return request;
    }

    /** The other side has gone: nobody waits. */
    private void leave() {
        over.set(true);
        vertx.cancelTimer(timer);
    }

    /** Whether it is answered, or nobody waits any more. */
    boolean isOver() {
        return over.get();
    }

    /** Answers 504 when the time has passed. On the connection's event loop. */
    void timeout(Duration limit) {
        if (!isOver()) {
            timer = vertx.setTimer(
                    Math.max(1, limit.toMillis()),
                    id -> problem(
                            504, Failure.of(Kind.TIMEOUT, "There was no answer within " + limit.toMillis() + " ms.")));
        }
    }

    @Override
    public boolean reply(Reply reply) {
        return answer(reply.status(), reply.headers(), reply.body());
    }

    @Override
    public void settled() {
        answer(204, Map.of(), NullNode.getInstance());
    }

    @Override
    public void kept() {
        answer(202, Map.of(), NullNode.getInstance());
    }

    @Override
    public void failed(Failure failure) {
        problem(failure.kind() == Kind.CANCELLED ? 503 : 500, failure);
    }

    @Override
    public JsonNode peer() {
        SocketAddress peer = request.remoteAddress();
        return peer == null || peer.host() == null
                ? NullNode.getInstance()
                : JsonNodeFactory.instance.objectNode().put("host", peer.host()).put("port", peer.port());
    }

    /** Answers with what is wrong, for programs and people. */
    void problem(int status, Failure failure) {
        if (!isOver()) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("kind", failure.kind().name()).put("message", redact.apply(failure.message()));
            answer(status, status == 503 ? Map.of("retry-after", List.of("1")) : Map.of(), body);
        }
    }

    private boolean answer(int status, Map<String, List<String>> headers, JsonNode body) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        @Nullable
        Buffer content = body.isNull() ? null : Buffer.buffer(body.isTextual() ? body.textValue() : body.toString());
        context.runOnContext(now -> write(status, headers, content, body.isTextual() ? TEXT : JSON));
        return true;
    }

    private void write(int status, Map<String, List<String>> headers, @Nullable Buffer content, String type) {
        vertx.cancelTimer(timer);
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(status);
        if (content != null) {
            response.putHeader("content-type", type);
        }
        headers.forEach((name, values) -> {
            if (!FRAMING.contains(name)) {
                response.putHeader(name, values);
            }
        });
        boolean unfinished = status == HALF;
        if (closing.getAsBoolean() || unfinished) {
            response.putHeader("connection", "close");
        }
        Future<Void> written = end(status, content);
        if (unfinished) {
            written.onComplete(done -> request.connection().close());
        }
    }

    private Future<Void> end(int status, @Nullable Buffer content) {
        if (content == null || status == 204 || status == 304) {
            return response.end();
        }
        return request.method().equals(HttpMethod.HEAD)
                ? response.putHeader("content-length", String.valueOf(content.length()))
                        .end()
                : response.end(content);
    }
}
