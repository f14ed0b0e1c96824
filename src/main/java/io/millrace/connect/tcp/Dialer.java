package io.millrace.connect.tcp;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;

/** Makes connections. */
final class Dialer {
    // Held here: a client that nobody refers to is collected, and closes its connections.
    private final NetClient client;
    private final Optional<Tls> tls;
    private final ClientSSLOptions ssl;
    private final int timeout;

    Dialer(Vertx vertx, Optional<Tls> tls, Duration connectTimeout) {
        this.timeout = (int) Math.max(1, Math.min(Integer.MAX_VALUE, connectTimeout.toMillis()));
        this.tls = tls;
        this.ssl = tls.map(with -> with.options(connectTimeout)).orElseGet(ClientSSLOptions::new);
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(timeout));
    }

    /** A connection on the event loop of the caller, to be given its handlers at once. */
    Future<NetSocket> connect(Address address) {
        ConnectOptions to = new ConnectOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setTimeout(timeout);
        tls.ifPresent(with -> with.add(to, address, ssl));
        return client.connect(to);
    }

    Future<Void> close() {
        return client.close();
    }
}
