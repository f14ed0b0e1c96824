package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Resource;
import io.millrace.spi.Settings;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens, from when it is opened. Connections that come before a source takes them wait, unread. On the event loop on which it was
 * opened.
 */
final class TcpServer implements Resource {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.tcp");

    private final Vertx vertx;
    private final NetServerOptions options;
    private final int maxConnections;
    private final List<NetSocket> early = new ArrayList<>();
    private @Nullable Context context;
    private @Nullable NetServer server;
    private @Nullable Handler<NetSocket> taker;
    private boolean taken;
    private int open;
    private boolean full;

    TcpServer(Settings settings, Assembly assembly) {
        this.vertx = assembly.vertx();
        this.options = ServerFields.options(settings, assembly);
        this.maxConnections = settings.get(ServerFields.MAX_CONNECTIONS);
    }

    @Override
    public Future<ObjectNode> open() {
        context = vertx.getOrCreateContext();
        NetServer listening = vertx.createNetServer(options).connectHandler(this::accept);
        listening.exceptionHandler(thrown -> LOG.debug("a connection failed: {}", thrown.getMessage()));
        server = listening;
        return listening
                .listen()
                .recover(this::explain)
                .map(NetServer::actualPort)
                .map(this::described);
    }

    private Future<NetServer> explain(Throwable thrown) {
        boolean inUse = thrown instanceof BindException
                && String.valueOf(thrown.getMessage()).contains("in use");
        String message = inUse
                ? "port " + options.getPort() + " of " + options.getHost()
                        + " is in use. Choose another \"port\", or 0 for a free one."
                : "cannot listen on " + new Address(options.getHost(), options.getPort()) + ": "
                        + Failures.reason(thrown);
        return Future.failedFuture(Failures.unreachable(message, thrown));
    }

    private ObjectNode described(int port) {
        LOG.info("listening on {}", new Address(options.getHost(), port));
        return JsonNodeFactory.instance
                .objectNode()
                .put("host", options.getHost())
                .put("port", port);
    }

    private void accept(NetSocket socket) {
        if (open >= maxConnections) {
            if (!full) {
                LOG.warn("{} connections are open, which is \"maxConnections\": more are closed as they come", open);
            }
            full = true;
            socket.close();
            return;
        }
        open++;
        // A client that has said all it wants to say may close its half and still read the replies.
        ((NetSocketInternal) socket)
                .channelHandlerContext()
                .channel()
                .config()
                .setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        Handler<NetSocket> to = taker;
        if (to != null) {
            to.handle(socket);
        } else {
            socket.pause().closeHandler(gone -> {
                early.remove(socket);
                left();
            });
            early.add(socket);
        }
    }

    /** The connection has ended. */
    void left() {
        open--;
        full = false;
    }

    /** The event loop of its connections. */
    Context context() {
        return Objects.requireNonNull(context, "the server is not open");
    }

    /** From now on connections are given to the handler, on the server's event loop; the first are those that wait. */
    void take(Handler<NetSocket> handler) {
        if (taken) {
            throw Failure.badData("two sources listen with one server. Give each its own.");
        }
        taken = true;
        context().runOnContext(go -> {
            taker = handler;
            early.forEach(socket -> {
                handler.handle(socket);
                socket.resume();
            });
            early.clear();
        });
    }

    /** Takes no more connections. Those that there are stay. */
    void refuse() {
        taker = NetSocket::close;
    }

    @Override
    public Future<Void> close() {
        return server == null ? Future.succeededFuture() : server.close();
    }
}
