package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Batch;
import io.millrace.spi.Failure;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Frames into one connection. A batch is written when the operating system has taken all of it: a peer that reads slowly holds up the
 * stage. All but the encoding happens on the event loop on which it was opened.
 */
final class TcpSink implements Sink {
    private final Vertx vertx;
    private final Address address;
    private final Framing framing;
    private final Charset charset;
    private final Optional<Template> send;
    private final Optional<Integer> attempts;
    private final Duration connectTimeout;
    private final Dialer dialer;
    private @Nullable Context context;
    private @Nullable Future<NetSocket> connection;
    private int failed;
    private boolean closed;

    TcpSink(Settings settings, Assembly assembly) {
        this.vertx = assembly.vertx();
        this.address = new Address(settings.get(SinkFields.HOST), settings.get(SinkFields.PORT));
        this.framing = FramingFields.read(settings, true);
        this.charset = settings.get(FramingFields.CHARSET);
        this.send = settings.find(SinkFields.SEND);
        this.attempts = settings.find(SinkFields.ATTEMPTS);
        this.connectTimeout = settings.get(SinkFields.CONNECT_TIMEOUT);
        this.dialer = new Dialer(vertx, settings.get(Tls.FIELD).read(assembly), connectTimeout);
    }

    @Override
    public Future<Void> open() {
        context = vertx.getOrCreateContext();
        return onLoop(() -> connected().<Void>mapEmpty());
    }

    @Override
    public Future<Void> write(Batch batch) {
        Map<Integer, Failure> rejected = new LinkedHashMap<>();
        Buffer frames = encode(batch, rejected);
        return onLoop(() -> write(frames)).map(written -> {
            rejected.forEach(batch::reject);
            return null;
        });
    }

    private Buffer encode(Batch batch, Map<Integer, Failure> rejected) {
        Buffer frames = Buffer.buffer();
        for (int i = 0; i < batch.documents().size(); i++) {
            try {
                byte[] payload = payload(batch.documents().get(i), batch.variables(i));
                framing.check(payload);
                framing.write(payload, frames);
            } catch (Failure failure) {
                rejected.put(i, failure);
            }
        }
        return frames;
    }

    private byte[] payload(ObjectNode document, Variables variables) {
        return Message.bytes(send.isPresent() ? send.get().eval(document, variables) : document, charset);
    }

    private Future<Void> write(Buffer frames) {
        return connected()
                .compose(socket -> socket.write(frames).recover(thrown -> Future.failedFuture(broke(thrown))));
    }

    private Failure broke(Throwable thrown) {
        return Failures.unreachable(
                "the connection to " + address + " broke (" + Failures.reason(thrown)
                        + "); what was under way is sent again",
                thrown);
    }

    /** The connection, or a new one. */
    private Future<NetSocket> connected() {
        if (closed) {
            return Future.failedFuture(Pools.ended());
        }
        Future<NetSocket> open = connection;
        if (open == null) {
            open = dialer.connect(address).map(this::watched).recover(thrown -> Future.failedFuture(notThere(thrown)));
            connection = open;
        }
        return open;
    }

    private NetSocket watched(NetSocket socket) {
        failed = 0;
        Future<NetSocket> own = connection;
        socket.exceptionHandler(told -> {}) // by the write that fails
                .handler(unread -> {}) // what is left unread would make a close lose what was written
                .closeHandler(gone -> forget(own));
        return socket;
    }

    private void forget(@Nullable Future<NetSocket> old) {
        if (connection == old) {
            connection = null;
        }
    }

    private Failure notThere(Throwable thrown) {
        connection = null;
        Failure failure = Failures.connecting(thrown, address, connectTimeout);
        return attempts.isPresent() && ++failed >= attempts.get()
                ? Failure.build(failure.kind(), failure.message() + " (" + failed + " times)")
                        .retryable(false)
                        .cause(thrown)
                        .done()
                : failure;
    }

    /** What was written is on its way; the other side gets to read it to its end. */
    @Override
    public Future<Void> close(boolean complete) {
        return onLoop(() -> {
                    closed = true;
                    Future<NetSocket> open = connection;
                    return open == null
                            ? Future.<Void>succeededFuture()
                            : open.compose(socket -> complete ? Endings.finish(vertx, socket) : socket.close())
                                    .otherwiseEmpty();
                })
                .eventually(dialer::close);
    }

    private <T> Future<T> onLoop(java.util.function.Supplier<Future<T>> task) {
        Context own = context;
        if (own == null) {
            return Future.failedFuture(Pools.ended());
        }
        Promise<T> done = Promise.promise();
        own.runOnContext(go -> task.get().onComplete(done));
        return done.future();
    }
}
