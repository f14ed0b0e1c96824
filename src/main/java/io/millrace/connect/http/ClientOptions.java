package io.millrace.connect.http;

import io.millrace.connect.http.ClientFields.PerHost;
import io.millrace.spi.Failure;
import io.millrace.spi.Rate;
import io.millrace.spi.Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The settings of a client, read. */
record ClientOptions(
        Gate.Limits limits,
        Duration connectTimeout,
        Duration timeout,
        Map<String, String> headers,
        boolean cookies,
        int redirects,
        Optional<ProxyOptions> proxy,
        Optional<String> ca,
        boolean http2,
        long maxBody,
        Optional<Long> maxSaved,
        boolean decompress,
        Optional<String> userAgent,
        boolean robots) {
    /** Servers close kept connections after a while, some after 5 s: an idle one is not kept long. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private static final int MAX_HEADERS = 64 * 1024;

    static ClientOptions of(Settings settings) {
        PerHost perHost = settings.get(ClientFields.PER_HOST);
        long interval =
                settings.find(ClientFields.RATE).map(Rate::intervalNanos).orElse(0L);
        long maxBody = settings.get(ClientFields.MAX_BODY);
        return new ClientOptions(
                new Gate.Limits(
                        perHost.connections(),
                        settings.get(ClientFields.CONNECTIONS),
                        perHost.interval(),
                        interval,
                        settings.get(ClientFields.RETRY_BUDGET)),
                settings.get(ClientFields.CONNECT_TIMEOUT),
                settings.get(ClientFields.TIMEOUT),
                settings.find(ClientFields.HEADERS).orElse(Map.of()),
                settings.get(ClientFields.COOKIES),
                settings.get(ClientFields.REDIRECTS),
                settings.find(ClientFields.PROXY).map(ClientOptions::proxy),
                settings.find(ClientFields.CA),
                settings.get(ClientFields.HTTP2),
                maxBody,
                settings.has(ClientFields.MAX_BODY) ? Optional.of(maxBody) : Optional.empty(),
                settings.get(ClientFields.DECOMPRESS),
                settings.find(ClientFields.USER_AGENT),
                settings.get(ClientFields.ROBOTS));
    }

    /** @param files where relative paths begin */
    HttpClientOptions forVertx(UnaryOperator<String> files) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(millis(connectTimeout))
                .setSslHandshakeTimeout(millis(connectTimeout))
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout((int) KEEP_ALIVE.toSeconds())
                .setHttp2KeepAliveTimeout((int) KEEP_ALIVE.toSeconds())
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxInitialLineLength(MAX_HEADERS);
        if (http2) {
            options.setProtocolVersion(HttpVersion.HTTP_2).setUseAlpn(true);
        }
        proxy.ifPresent(options::setProxyOptions);
        ca.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(files.apply(file))));
        return options;
    }

    /** What the client calls itself; a header wins, as it does when it is sent. */
    String calledItself() {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("user-agent"))
                .map(Map.Entry::getValue)
                .findFirst()
                .or(() -> userAgent)
                .orElseGet(UserAgent::value);
    }

    /** Who connections are made to, where that is not the server itself. */
    Optional<String> proxyAddress() {
        return proxy.map(through -> through.getHost() + ":" + through.getPort());
    }

    /** As many connections as the gate admits requests, so that requests never wait here. */
    PoolOptions pool() {
        return new PoolOptions().setHttp1MaxSize(limits.perHost());
    }

    private static int millis(Duration time) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, time.toMillis()));
    }

    /** Throws {@link Failure} BAD_DATA for what is not a proxy. */
    static ProxyOptions proxy(String text) {
        try {
            URI uri = new URI(text);
            ProxyType type = type(String.valueOf(uri.getScheme()));
            if (uri.getHost() == null || uri.getPort() < 1) {
                throw notOne();
            }
            ProxyOptions proxy =
                    new ProxyOptions().setType(type).setHost(uri.getHost()).setPort(uri.getPort());
            return uri.getUserInfo() == null ? proxy : signedIn(proxy, uri.getUserInfo());
        } catch (URISyntaxException unreadable) {
            throw notOne();
        }
    }

    private static ProxyType type(String scheme) {
        switch (scheme) {
            case "http":
                return ProxyType.HTTP;
            case "socks5":
                return ProxyType.SOCKS5;
            case "socks4":
                return ProxyType.SOCKS4;
            default:
                throw notOne();
        }
    }

    private static ProxyOptions signedIn(ProxyOptions proxy, String userInfo) {
        int colon = userInfo.indexOf(':');
        return proxy.setUsername(colon < 0 ? userInfo : userInfo.substring(0, colon))
                .setPassword(colon < 0 ? "" : userInfo.substring(colon + 1));
    }

    private static Failure notOne() {
        return Failure.badData("the proxy cannot be read. Write http://host:port or socks5://host:port.");
    }
}
