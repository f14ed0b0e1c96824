package io.millrace.connect.tcp;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/** Connections that are closed in one direction. */
final class Halves {
    private Halves() {}

    /** Says that nothing more comes, and listens on. */
    static void shutdownOutput(NetSocket socket) {
        DuplexChannel channel = (DuplexChannel)
                ((NetSocketInternal) socket).channelHandlerContext().channel();
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        channel.shutdownOutput();
    }
}
