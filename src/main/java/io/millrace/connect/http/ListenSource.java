package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests as records. They arrive on the server's event loop, where their bodies are read, and cross over to the source's through a
 * queue of bounded length: whoever comes when it is full is told to come again.
 *
 * <p>Position: the ordinal of the request, from 1.
 */
final class ListenSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.http");

    /** A body larger than this is made a value in a worker pool, not on the event loop. */
    private static final int LARGE = 256 * 1024;

    /** A request that is complete. */
    private record Arrived(ObjectNode record, Inquiry inquiry) {}

    private final Assembly assembly;
    private final FileServer server;
    private final String path;
    private final List<String> methods;
    private final Duration replyTimeout;
    private final Duration bodyTimeout;
    private final long maxBody;
    private final int backlog;
    private final Context own;
    private final Queue<Arrived> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean closed;
    private long count;
    private @Nullable Records reading;
    private @Nullable Promise<Boolean> read;

    ListenSource(Settings settings, Assembly assembly) {
        this.assembly = assembly;
        this.server = assembly.resource(settings.find(ListenFields.SERVER), "http-server", FileServer.class);
        this.path = settings.get(ListenFields.PATH);
        this.methods = settings.find(ListenFields.METHODS).orElse(List.of());
        this.replyTimeout = settings.get(ListenFields.REPLY_TIMEOUT);
        this.bodyTimeout = settings.get(ListenFields.BODY_TIMEOUT);
        this.maxBody = settings.get(ListenFields.MAX_BODY);
        this.backlog = settings.get(ListenFields.BACKLOG);
        this.own = assembly.vertx().getOrCreateContext();
    }

    @Override
    public Future<Void> open() {
        try {
            server.routes().add(assembly.stage(), path, methods, this::take);
        } catch (Failure taken) {
            return Future.failedFuture(taken);
        }
        String shown = methods.isEmpty() ? "" : String.join(" ", methods) + " ";
        LOG.info("{}: listening for {}{}{}", assembly.stage(), shown, server.url(), path);
        return Future.succeededFuture();
    }

    /** Reads a request to its end. On the server's event loop. */
    private void take(RoutingContext at) {
        Inquiry inquiry = new Inquiry(at.request(), assembly.vertx(), assembly::redact, () -> closed);
        if (closed) {
            refuse(inquiry);
        } else if (waiting.incrementAndGet() > backlog) {
            waiting.decrementAndGet();
            inquiry.problem(503, Failure.of(Kind.LIMIT, "Too many requests are waiting. Come again in a while."));
        } else {
            RequestBody.read(assembly.vertx(), at.request(), maxBody, bodyTimeout)
                    .compose(body -> record(at, body))
                    .onComplete(record -> arrive(record, inquiry), thrown -> {
                        waiting.decrementAndGet();
                        refuse(inquiry, Failure.from(thrown));
                    });
        }
    }

    private Future<ObjectNode> record(RoutingContext at, Buffer body) {
        String encoding = at.request().getHeader("content-encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Future.failedFuture(Failure.build(Kind.REJECTED, "A body in " + encoding + " is not understood.")
                    .status(415)
                    .done());
        }
        try {
            ObjectNode head = Incoming.head(at);
            return body.length() > LARGE
                    ? assembly.blocking(() -> Incoming.withBody(head, body))
                    : Future.succeededFuture(Incoming.withBody(head, body));
        } catch (Failure wrong) {
            return Future.failedFuture(wrong);
        }
    }

    private void arrive(ObjectNode record, Inquiry inquiry) {
        inquiry.timeout(replyTimeout);
        arrived.add(new Arrived(record, inquiry));
        wake();
    }

    private static void refuse(Inquiry inquiry, Failure why) {
        Integer status = why.status();
        inquiry.problem(
                switch (why.kind()) {
                    case LIMIT -> 413;
                    case TIMEOUT -> 408;
                    case REJECTED -> status == null ? 400 : status;
                    case BAD_DATA -> 400;
                    default -> 500;
                },
                why);
    }

    private static void refuse(Inquiry inquiry) {
        inquiry.problem(503, Failure.of(Kind.CANCELLED, "The service is stopping."));
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            own.runOnContext(now -> {
                woken.set(false);
                serve();
            });
        }
    }

    /** Hands over what has arrived, if it is asked for. On the source's event loop, as all that follows. */
    private void serve() {
        Promise<Boolean> asked = read;
        Records into = reading;
        if (closed) {
            refuseAll();
        } else if (asked != null && into != null && fill(into)) {
            read = null;
            reading = null;
            asked.complete(true);
        }
    }

    private boolean fill(Records into) {
        while (!into.isFull()) {
            Arrived next = arrived.poll();
            if (next == null) {
                break;
            }
            waiting.decrementAndGet();
            if (!next.inquiry().isOver()) { // else nobody waits for it any more
                into.add(next.record(), ++count, next.inquiry());
            }
        }
        return into.size() > 0;
    }

    @Override
    public Future<Boolean> read(Records into) {
        if (closed) {
            return Future.succeededFuture(false);
        }
        if (fill(into)) {
            return Future.succeededFuture(true);
        }
        Promise<Boolean> later = Promise.promise();
        read = later;
        reading = into;
        return later.future();
    }

    @Override
    public boolean endless() {
        return true;
    }

    /** Takes no more requests; those that the flow has taken are answered all the same, while the server stays open. */
    @Override
    public Future<Void> close() {
        closed = true;
        refuseAll();
        if (read != null) {
            read.tryComplete(false);
        }
        return Future.succeededFuture();
    }

    private void refuseAll() {
        for (Arrived next = arrived.poll(); next != null; next = arrived.poll()) {
            refuse(next.inquiry());
        }
    }
}
