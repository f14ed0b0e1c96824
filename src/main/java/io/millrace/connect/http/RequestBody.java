package io.millrace.connect.http;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Reads the body of a request into memory, within a size and a time. One that breaks a bound fails LIMIT or TIMEOUT; what still comes of
 * it is thrown away, so that the client can read its answer and use the connection again; if it does not end in time, the connection is
 * closed.
 */
final class RequestBody {
    private final Vertx vertx;
    private final HttpServerRequest request;
    private final long limit;
    private final Duration time;
    private final Promise<Buffer> read = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private final long timer;
    private boolean refused;

    private RequestBody(Vertx vertx, HttpServerRequest request, long limit, Duration time) {
        this.vertx = vertx;
        this.request = request;
        this.limit = limit;
        this.time = time;
        this.timer = vertx.setTimer(Math.max(1, time.toMillis()), id -> late());
    }

    /** To be called in the turn in which the request came. */
    static Future<Buffer> read(Vertx vertx, HttpServerRequest request, long limit, Duration time) {
        if (request.isEnded()) {
            return Future.succeededFuture(Buffer.buffer());
        }
        return new RequestBody(vertx, request, limit, time).start();
    }

    private Future<Buffer> start() {
        request.handler(this::more).endHandler(end -> ended()).exceptionHandler(this::broken);
        if (declared() > limit) {
            refuse(tooLarge());
        } else if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            request.response().writeContinue();
        }
        return read.future();
    }

    private long declared() {
        String length = request.getHeader("content-length");
        try {
            return length == null ? 0 : Long.parseLong(length.trim());
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    private void more(Buffer chunk) {
        if (refused) {
            return;
        }
        if (body.length() + (long) chunk.length() > limit) {
            refuse(tooLarge());
        } else {
            body.appendBuffer(chunk);
        }
    }

    private Failure tooLarge() {
        return Failure.of(Kind.LIMIT, "The body is larger than " + limit + " bytes.");
    }

    private void refuse(Failure why) {
        refused = true;
        read.tryFail(why);
    }

    private void ended() {
        vertx.cancelTimer(timer);
        read.tryComplete(body);
    }

    private void broken(Throwable cause) {
        vertx.cancelTimer(timer);
        read.tryFail(Failure.of(Kind.UNREACHABLE, "The client went away.", cause));
    }

    private void late() {
        if (refused) {
            request.connection().close();
        } else {
            refuse(Failure.of(Kind.TIMEOUT, "The body did not arrive within " + time.toMillis() + " ms."));
        }
    }
}
