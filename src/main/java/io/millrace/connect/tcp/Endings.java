package io.millrace.connect.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/** How connections end. */
final class Endings {
    /** How long the other side may read on before the connection is closed whether it has or not. */
    private static final long PATIENCE_MS = 2000;

    private Endings() {}

    /**
     * Says that nothing more comes, waits until the other side has closed as well, and closes. A close at once would take back what
     * the other side has not read, if it has sent something meanwhile.
     */
    static Future<Void> finish(Vertx vertx, NetSocket socket) {
        Channel channel = channel(socket);
        if (socket.isSsl() || !(channel instanceof DuplexChannel duplex) || duplex.isInputShutdown()) {
            return bounded(vertx, socket, socket.end());
        }
        Promise<Void> over = Promise.promise();
        channel.closeFuture().addListener(closed -> over.tryComplete());
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        socket.resume();
        duplex.shutdownOutput();
        return bounded(vertx, socket, over.future());
    }

    private static Future<Void> bounded(Vertx vertx, NetSocket socket, Future<Void> over) {
        long timer = vertx.setTimer(PATIENCE_MS, late -> abort(socket));
        return over.otherwiseEmpty().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** Closes it at once; what is not written is given up. */
    static Future<Void> abort(NetSocket socket) {
        Promise<Void> closed = Promise.promise();
        channel(socket).close().addListener(done -> closed.tryComplete());
        return closed.future();
    }

    private static Channel channel(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext().channel();
    }
}
