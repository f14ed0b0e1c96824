package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Settings;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** One datagram for each item, and the datagram that answers it. Each that waits for an answer has a socket, so that none gets another's. */
final class UdpStep implements Step {
    /** The most that fits into one packet: 65,535 bytes with the headers of IP and UDP. */
    private static final int LARGEST = 65_507;

    private final Vertx vertx;
    private final Dynamic<String> host;
    private final Dynamic<Integer> port;
    private final Message message;
    private final Charset charset;
    private final ReadAs read;
    private final boolean reply;
    private final Duration timeout;
    // Those that only send share a socket for each kind of address. Guarded by the map.
    private final Map<Boolean, DatagramSocket> senders = new HashMap<>();

    UdpStep(Settings settings, Assembly assembly) {
        this.vertx = assembly.vertx();
        this.host = settings.get(StepFields.HOST);
        this.port = settings.get(StepFields.PORT);
        this.charset = settings.get(FramingFields.CHARSET);
        this.message = new Message(settings, charset);
        this.read = settings.get(ReadAs.FIELD);
        this.reply = settings.get(StepFields.REPLY);
        this.timeout = settings.get(StepFields.DATAGRAM_TIMEOUT);
        assembly.onClose(this::close);
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        Address to = new Address(host.get(frame), port.get(frame));
        byte[] payload = message.of(frame);
        if (payload.length > LARGEST) {
            throw Failure.badData(payload.length + " bytes do not fit into one datagram; at most " + LARGEST + " do");
        }
        return ((VertxInternal) vertx)
                .nameResolver()
                .resolve(to.host())
                .recover(unknown -> Future.failedFuture(Failures.connecting(unknown, to, timeout)))
                .compose(address -> reply ? ask(to, address, payload, frame.scope()) : send(to, address, payload));
    }

    private Future<JsonNode> send(Address to, InetAddress address, byte[] payload) {
        return sender(address)
                .send(Buffer.buffer(payload), to.port(), address.getHostAddress())
                .recover(thrown -> Future.failedFuture(Datagram.notSent(thrown, to)))
                .map(NullNode.getInstance());
    }

    private DatagramSocket sender(InetAddress to) {
        synchronized (senders) {
            return senders.computeIfAbsent(to instanceof Inet6Address, six -> socket(vertx, six));
        }
    }

    static DatagramSocket socket(Vertx vertx, boolean six) {
        return vertx.createDatagramSocket(
                new DatagramSocketOptions().setIpV6(six).setReceiveBufferSize(LARGEST));
    }

    private Future<JsonNode> ask(Address to, InetAddress address, byte[] payload, Scope scope) {
        Datagram datagram = new Datagram(vertx, to, address, timeout);
        Scope.Handle handle = scope.onCancel(datagram::cancel);
        return datagram.ask(Buffer.buffer(payload))
                .map(bytes -> value(bytes, to))
                .onComplete(done -> handle.dispose());
    }

    private JsonNode value(byte[] bytes, Address from) {
        try {
            return read.value(bytes, charset);
        } catch (Failure wrong) {
            throw Failure.of(wrong.kind(), "the reply of " + from + " " + wrong.message());
        }
    }

    private Future<Void> close() {
        synchronized (senders) {
            return Future.join(
                            senders.values().stream().map(DatagramSocket::close).toList())
                    .mapEmpty();
        }
    }
}
