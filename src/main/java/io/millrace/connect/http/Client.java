package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Resource;
import io.millrace.spi.Settings;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP client: connections, limits, cookies and sign-in that all requests through it share. One for all event loops, so that its
 * limits hold for the run; a request prefers a kept connection of its own loop.
 */
final class Client implements Resource {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    private final Assembly assembly;
    private final ClientOptions options;
    private final Gate gate;
    private final Credentials credentials;
    private final Optional<CookieJar> cookies;
    private final Optional<Robots> robots;
    private final Set<HttpConnection> unused = ConcurrentHashMap.newKeySet();
    private final Set<Path> beingWritten = ConcurrentHashMap.newKeySet();
    private final Map<CharSequence, CharSequence> ownHeaders = new LinkedHashMap<>();
    // Held here: a client that nobody refers to is collected, and closes its connections.
    private @Nullable HttpClient http;

    Client(Settings settings, Assembly assembly) {
        this.assembly = assembly;
        this.options = ClientOptions.of(settings);
        this.gate = new Gate(assembly.vertx(), options.limits());
        this.credentials = Credentials.of(settings, this);
        this.cookies = options.cookies() ? Optional.of(new CookieJar()) : Optional.empty();
        this.robots = options.robots() ? Optional.of(robots()) : Optional.empty();
    }

    private Robots robots() {
        String agent = Robots.agent(options.calledItself());
        return new Robots(
                agent,
                origin -> fetchUnasked(Robots.request(origin), Robots.WISH).run(),
                System::nanoTime);
    }

    @Override
    public Future<ObjectNode> open() {
        http = assembly.vertx()
                .httpClientBuilder()
                .with(options.forVertx(file -> assembly.path(file).toString()))
                .with(options.pool())
                .withConnectHandler(this::connected)
                .build();
        prepareHeaders();
        return credentials.open().map(ready -> JsonNodeFactory.instance.objectNode());
    }

    private void connected(HttpConnection connection) {
        unused.add(connection);
        connection.exceptionHandler(Client::toldByTheRequest).closeHandler(v -> unused.remove(connection));
    }

    /** Else Vert.x logs what the request reports as well. */
    static void toldByTheRequest(Throwable thrown) {
        LOG.trace("connection failed", thrown);
    }

    private void prepareHeaders() {
        own("user-agent", options.userAgent().orElseGet(UserAgent::value));
        own("accept", "*/*");
        if (options.decompress()) {
            own("accept-encoding", Decoding.ACCEPTED);
        }
        options.headers().forEach(this::own);
    }

    private void own(String name, String value) {
        ownHeaders.put(HttpHeaders.createOptimized(name.toLowerCase(Locale.ROOT)), HttpHeaders.createOptimized(value));
    }

    @Override
    public Future<Void> close() {
        return http == null ? Future.succeededFuture() : http.close();
    }

    /** Sends a request; {@link Fetch#run} begins. */
    Fetch fetch(Outbound request, Fetch.Wish wish) {
        return new Fetch(this, request, wish, robots);
    }

    /** The same for what no robots.txt has a say in. */
    Fetch fetchUnasked(Outbound request, Fetch.Wish wish) {
        return new Fetch(this, request, wish, Optional.empty());
    }

    /** Nanoseconds that a server's robots.txt wants between two requests; 0 where nothing is known of it. */
    long crawlDelay(Target to) {
        return robots.map(known -> known.delay(to)).orElse(0L);
    }

    /** The client's headers, cookies and sign-in, then those of the step, which win. */
    void writeHeaders(Outbound request, MultiMap into) {
        ownHeaders.forEach(into::set);
        Target to = request.target();
        if (request.atHome()) {
            String userInfo = to.userInfo();
            (userInfo == null ? credentials.header() : Optional.of(basic(userInfo)))
                    .ifPresent(value -> into.set(HttpHeaders.AUTHORIZATION, value));
        }
        request.writeHeaders(into);
        cookies.flatMap(jar -> jar.header(to)).ifPresent(value -> into.set(HttpHeaders.COOKIE, value));
    }

    static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the connection has carried a request before; from now on it has. */
    boolean wasUsed(HttpConnection connection) {
        return !unused.remove(connection);
    }

    Vertx vertx() {
        return assembly.vertx();
    }

    HttpClient http() {
        return Objects.requireNonNull(http, "the client is not open");
    }

    ClientOptions settings() {
        return options;
    }

    Gate gate() {
        return gate;
    }

    Credentials credentials() {
        return credentials;
    }

    Optional<CookieJar> cookies() {
        return cookies;
    }

    /** Files that requests through this client are saving now: two at once to one file would spoil it. */
    Set<Path> beingWritten() {
        return beingWritten;
    }
}
