package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Quantities;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: cuts what comes into frames, and writes the replies in the order of the frames. On the event loop of its server,
 * but for what its {@link Slot}s are told.
 */
final class Conversation implements Frames.Taker {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.tcp");

    /** So many frames of one client may be under way before it is read no further. */
    private static final int MOST_UNDER_WAY = 4096;

    private final Vertx vertx;
    private final Context context;
    private final NetSocket socket;
    private final Speech speech;
    private final TcpServerSource source;
    private final Frames frames;
    private final JsonNode peer;
    private final Deque<Slot> slots = new ArrayDeque<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean gone;
    private @Nullable Throwable error;
    private long lastMove = System.nanoTime();
    private boolean halfClosed;
    private boolean inputEnded;
    private boolean deaf;
    private boolean finishing;
    private boolean left;
    private boolean held;
    private boolean crowded;
    private boolean congested;

    Conversation(Vertx vertx, Context context, NetSocket socket, Speech speech, TcpServerSource source) {
        this.vertx = vertx;
        this.context = context;
        this.socket = socket;
        this.speech = speech;
        this.source = source;
        this.frames = speech.framing().frames(speech.maxFrame(), this);
        SocketAddress address = socket.remoteAddress();
        this.peer = address == null || address.hostAddress() == null
                ? NullNode.getInstance()
                : JsonNodeFactory.instance
                        .objectNode()
                        .put("host", address.hostAddress())
                        .put("port", address.port());
        socket.exceptionHandler(thrown -> error = thrown);
        socket.endHandler(end -> ended());
        socket.closeHandler(closed -> closed());
        socket.handler(this::take);
        ((NetSocketInternal) socket).eventHandler(this::event);
    }

    /** May be told before what came until then, if the connection is held: that is read first. */
    private void event(Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            halfClosed = true;
            endInputIfRead();
        }
    }

    private void endInputIfRead() {
        if (halfClosed && !held) {
            endInput();
            finishIfDone();
        }
    }

    private void take(Buffer piece) {
        lastMove = System.nanoTime();
        if (!deaf) {
            frames.take(piece);
            regulate();
            source.serve();
        }
    }

    @Override
    public void frame(Buffer payload) {
        if (deaf) {
            return;
        }
        Slot slot = new Slot(this, speech);
        slots.add(slot);
        byte[] bytes = payload.getBytes();
        try {
            source.add(speech.read().value(bytes, speech.charset()), slot);
        } catch (Failure wrong) {
            Failure failure = Failure.of(wrong.kind(), "a frame of " + shownPeer() + " " + wrong.message());
            source.addBad(ReadAs.BYTES.value(bytes, speech.charset()), failure);
            slot.failed(failure);
        }
    }

    /** What comes after that cannot be told apart: it is not read. What came before is answered. */
    @Override
    public void broken(Failure failure) {
        hearNothing();
        bad(Failure.of(failure.kind(), shownPeer() + ": " + failure.message()));
    }

    private void bad(Failure failure) {
        Slot slot = new Slot(this, speech);
        slots.add(slot);
        source.addBad(NullNode.getInstance(), failure);
        slot.failed(failure);
    }

    /** The client says nothing more, and may still listen. */
    private void endInput() {
        if (inputEnded) {
            return;
        }
        inputEnded = true;
        if (error == null) {
            frames.end();
        }
        if (frames.unfinished() > 0) {
            bad(Failure.badData(
                    shownPeer() + " ended after " + frames.unfinished() + " bytes of a frame that had not ended"));
        }
        source.serve();
    }

    private String shownPeer() {
        return peer.isNull()
                ? "a client"
                : new Address(peer.get("host").textValue(), peer.get("port").intValue()).toString();
    }

    JsonNode peer() {
        return peer;
    }

    /** Whether nobody is there any more to be answered. */
    boolean isGone() {
        return gone;
    }

    String shown(Failure failure) {
        return source.shown(failure);
    }

    void unusable(Failure failure) {
        LOG.warn("a reply to {} cannot be sent: {}", shownPeer(), source.shown(failure));
    }

    /** One of its slots is settled. From any thread. */
    void settled() {
        if (told.compareAndSet(false, true)) {
            context.runOnContext(turn -> write());
        }
    }

    /** Writes what is settled, up to the first that is not. */
    private void write() {
        told.set(false);
        if (gone) {
            slots.clear();
            regulate();
            return;
        }
        Buffer out = Buffer.buffer();
        boolean close = false;
        while (!slots.isEmpty() && !close) {
            Slot.Answer answer = slots.element().answer();
            if (answer == null) {
                break;
            }
            slots.remove();
            close = answer.outcome() == Slot.Outcome.CLOSE;
            if (answer.outcome() == Slot.Outcome.WRITE) {
                speech.framing().write(answer.payload(), out);
            }
        }
        lastMove = System.nanoTime();
        send(out);
        if (close) {
            hearNothing();
            slots.clear();
        }
        regulate();
        finishIfDone();
    }

    private void send(Buffer out) {
        if (out.length() > 0) {
            socket.write(out);
            if (socket.writeQueueFull() && !congested) {
                congested = true;
                socket.drainHandler(drained -> {
                    congested = false;
                    regulate();
                });
            }
        }
    }

    /** Reads no further while the stage is full, too much is under way, or the client does not read its replies. */
    private void regulate() {
        boolean hold = crowded || congested || slots.size() >= MOST_UNDER_WAY;
        if (hold != held) {
            held = hold;
            if (hold) {
                socket.pause();
            } else {
                socket.resume();
                context.runOnContext(read -> endInputIfRead());
            }
        }
    }

    /** Whether the stage has no room. */
    void crowded(boolean full) {
        crowded = full;
        regulate();
    }

    /** Reads no more, answers what is under way, and closes. */
    void end() {
        hearNothing();
        finishIfDone();
    }

    private void hearNothing() {
        inputEnded = true;
        deaf = true;
        if (gone) {
            left();
        }
    }

    private void finishIfDone() {
        if (inputEnded && slots.isEmpty() && !finishing && !gone) {
            finishing = true;
            Endings.finish(vertx, socket);
        }
    }

    void tick(long now) {
        boolean late = false;
        for (Slot slot : slots) {
            if (now - slot.since <= speech.replyTimeout()) {
                break;
            }
            if (slot.answer() == null) {
                slot.failed(Failure.of(
                        Kind.TIMEOUT,
                        "no reply within " + Quantities.inWords(Duration.ofNanos(speech.replyTimeout()))));
                late = true;
            }
        }
        if (!late && slots.isEmpty() && now - lastMove > speech.idle()) {
            end();
        }
    }

    /** Nobody is there any more. What had come before, and is held, is read first. */
    private void closed() {
        gone = true;
        slots.clear();
        congested = false;
        if (inputEnded) {
            left();
        } else {
            regulate();
        }
    }

    private void ended() {
        endInput();
        if (gone) {
            left();
        }
    }

    private void left() {
        if (!left) {
            left = true;
            source.left(this);
        }
    }
}
