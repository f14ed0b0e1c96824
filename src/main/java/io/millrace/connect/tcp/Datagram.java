package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;

/** A datagram that is answered, and the socket of its own that it is sent from. */
final class Datagram {
    private final Vertx vertx;
    private final Address to;
    private final InetAddress address;
    private final Duration timeout;
    private final DatagramSocket socket;
    private final Promise<byte[]> result = Promise.promise();
    private long timer = -1;

    Datagram(Vertx vertx, Address to, InetAddress address, Duration timeout) {
        this.vertx = vertx;
        this.to = to;
        this.address = address;
        this.timeout = timeout;
        this.socket = UdpStep.socket(vertx, address instanceof Inet6Address);
    }

    /** The answer: the first datagram from the address and port that was asked. */
    Future<byte[]> ask(Buffer payload) {
        socket.handler(this::take);
        timer = vertx.setTimer(Math.max(1, timeout.toMillis()), late -> end(late()));
        socket.listen(0, address instanceof Inet6Address ? "::" : "0.0.0.0")
                .compose(bound -> socket.send(payload, to.port(), address.getHostAddress()))
                .onFailure(thrown -> end(notSent(thrown, to)));
        return result.future();
    }

    private Failure late() {
        return Failure.of(Kind.TIMEOUT, to + " sent no datagram back within " + Failures.inWords(timeout));
    }

    static Failure notSent(Throwable thrown, Address to) {
        return Failures.unreachable("no datagram can be sent to " + to + ": " + Failures.reason(thrown), thrown);
    }

    private void take(DatagramPacket packet) {
        if (packet.sender().port() == to.port() && isAsked(packet.sender().hostAddress())) {
            stop().onComplete(closed -> result.tryComplete(packet.data().getBytes()));
        }
    }

    private boolean isAsked(String sender) {
        return sender == null || sender.equals(address.getHostAddress());
    }

    private Future<Void> end(Failure failure) {
        return stop().onComplete(closed -> result.tryFail(failure));
    }

    private Future<Void> stop() {
        vertx.cancelTimer(timer);
        return socket.close().otherwiseEmpty();
    }

    Future<Void> cancel() {
        return end(Failure.of(Kind.CANCELLED, "cancelled"));
    }
}
