package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection and the requests under way on it: replies come in their order. What is sent within one turn of the event loop is
 * written at once. On the event loop of its step.
 *
 * <p>A request that nobody waits for any more keeps its place, and its reply is dropped when it comes; meanwhile the connection takes
 * no new ones. Where nobody waits for any of them, it is closed instead.
 */
final class Connection implements Frames.Taker {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** How long those behind a cancelled request wait for its reply before the connection is given up, in nanoseconds. */
    private static final long PATIENCE = 5_000_000_000L;

    private final Vertx vertx;
    private final Context context;
    private final NetSocket socket;
    private final Pool pool;
    private final Protocol protocol;
    private final Frames frames;
    private final Deque<Request> sent = new ArrayDeque<>();
    private @Nullable Buffer out;
    private @Nullable Throwable error;
    private @Nullable Runnable greeted;
    private int gathered;
    private int abandoned;
    private long abandonedSince;
    private long lastMove = System.nanoTime();
    private boolean spent;
    private boolean closed;

    Connection(Vertx vertx, Context context, NetSocket socket, Pool pool, Protocol protocol) {
        this.vertx = vertx;
        this.context = context;
        this.socket = socket;
        this.pool = pool;
        this.protocol = protocol;
        this.frames = protocol.framing().frames(protocol.maxFrame(), this);
        socket.exceptionHandler(thrown -> error = thrown);
        socket.closeHandler(gone -> closedByPeer());
        socket.handler(this::take);
    }

    /** Runs the task when the server has spoken first. */
    void awaitGreeting(Runnable then) {
        greeted = then;
    }

    int load() {
        return sent.size();
    }

    /** Whether it may be given another request. */
    boolean isUsable() {
        return !closed && !spent && error == null && abandoned == 0;
    }

    boolean isClosed() {
        return closed;
    }

    void send(Request request) {
        request.sentOn(this);
        if (sent.isEmpty()) {
            lastMove = System.nanoTime();
        }
        sent.add(request);
        spent = protocol.framing().endsWithStream() && protocol.reply();
        gathered++;
        Buffer pending = out;
        if (pending == null) {
            pending = Buffer.buffer();
            out = pending;
            context.runOnContext(turn -> flush());
        }
        if (protocol.raw()) {
            pending.appendBytes(request.payload);
        } else {
            protocol.framing().write(request.payload, pending);
        }
    }

    private void flush() {
        Buffer pending = out;
        int count = gathered;
        out = null;
        gathered = 0;
        if (pending == null || closed) {
            return;
        }
        Future<Void> written = socket.write(pending);
        if (!protocol.reply()) {
            written.onSuccess(done -> written(count));
        }
    }

    /** Those that want no reply are done. Writes complete in their order. */
    private void written(int count) {
        lastMove = System.nanoTime();
        for (int i = 0; i < count && !sent.isEmpty() && !closed; i++) {
            succeedNext(NullNode.getInstance());
        }
        pool.moved(this);
    }

    private void take(Buffer piece) {
        if (closed || (!protocol.reply() && greeted == null)) {
            return;
        }
        frames.take(piece);
        if (sent.isEmpty() && greeted == null && frames.unfinished() > 0) {
            unasked();
        }
        if (!closed) {
            pool.moved(this);
        }
    }

    @Override
    public void frame(Buffer payload) {
        Runnable first = greeted;
        if (closed || (first == null && !protocol.reply())) {
            return;
        }
        if (first != null) {
            greeted = null;
            first.run();
        } else if (sent.isEmpty()) {
            unasked();
        } else {
            reply(payload.getBytes());
        }
    }

    private void reply(byte[] bytes) {
        JsonNode value;
        try {
            value = protocol.read().value(bytes, protocol.charset());
        } catch (Failure wrong) {
            lastMove = System.nanoTime();
            next().fail(Failure.build(wrong.kind(), "the reply of " + pool.address() + " " + wrong.message())
                    .body(excerpt(bytes))
                    .done());
            return;
        }
        lastMove = System.nanoTime();
        succeedNext(value);
    }

    private void succeedNext(JsonNode value) {
        next().succeed(value);
    }

    private Request next() {
        Request request = sent.remove();
        if (request.isOver()) {
            abandoned--;
        }
        return request;
    }

    private String excerpt(byte[] bytes) {
        return new String(bytes, 0, Math.min(bytes.length, Failure.BODY_LIMIT), protocol.charset());
    }

    /** What comes while nothing is asked could be taken for the reply to the next request. */
    private void unasked() {
        if (closed) {
            return;
        }
        LOG.debug("{} sent something that answers nothing; the connection is closed", pool.address());
        close();
    }

    @Override
    public void broken(Failure failure) {
        Request first = sent.poll();
        if (first != null) {
            first.fail(Failure.of(failure.kind(), "the reply of " + pool.address() + ": " + failure.message()));
        }
        failAll("its reply to the request before could not be read");
    }

    /** One of its requests is waited for no more. Completes when its place is safe. */
    Future<Void> abandoned() {
        if (abandoned++ == 0) {
            abandonedSince = System.nanoTime();
        }
        return abandoned == sent.size() ? close() : Future.succeededFuture();
    }

    /** Closes it if nothing is under way. */
    void closeIfIdle() {
        if (sent.isEmpty() && !closed) {
            close();
        }
    }

    /** Looks after what takes too long; called every now and then. */
    void tick(long now, long idle) {
        if (sent.isEmpty()) {
            if (now - lastMove > idle) {
                close();
            }
        } else if (now - lastMove > protocol.replyTimeout().toNanos()) {
            late();
        } else if (abandoned > 0 && now - Math.max(abandonedSince, lastMove) > PATIENCE) {
            failAll("it did not reply to a request before, which was cancelled");
        }
    }

    private void late() {
        Request first = sent.remove();
        if (first.isOver()) {
            abandoned--;
        }
        first.fail(Failure.of(
                Kind.TIMEOUT,
                pool.address()
                        + (protocol.reply() ? " sent no reply within " : " took nothing within ")
                        + Failures.inWords(protocol.replyTimeout())
                        + (frames.unfinished() > 0 ? ", only " + frames.unfinished() + " bytes of one" : "")));
        failAll("it did not reply to the request before in time");
    }

    private void failAll(String why) {
        List<Request> lost = List.copyOf(sent);
        sent.clear();
        close();
        Failure failure =
                Failure.of(Kind.UNREACHABLE, "the connection to " + pool.address() + " was closed, because " + why);
        lost.forEach(request -> request.fail(failure));
    }

    /** The step has ended. */
    Future<Void> end() {
        List<Request> lost = List.copyOf(sent);
        sent.clear();
        lost.forEach(request -> request.fail(Pools.ended()));
        if (protocol.reply() || closed) {
            return close();
        }
        closed = true;
        pool.gone(this);
        return Endings.finish(vertx, socket);
    }

    /** Closes it. Who waits for a reply has been told before. */
    private Future<Void> close() {
        if (!closed) {
            closed = true;
            pool.gone(this);
        }
        return Endings.abort(socket);
    }

    private void closedByPeer() {
        if (closed) {
            return;
        }
        long unfinished = frames.unfinished();
        if (error == null && protocol.framing().endsWithStream() && protocol.reply()) {
            frames.end();
        }
        closed = true;
        Failure failure = Failures.lost(pool.address(), error, sent.size(), unfinished, protocol.reply());
        List<Request> lost = List.copyOf(sent);
        sent.clear();
        pool.gone(this);
        lost.forEach(request -> request.fail(failure));
    }
}
