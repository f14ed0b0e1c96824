package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Resource;
import io.millrace.spi.Settings;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP server of a flow: serves a folder, and the paths that stages listen on. */
final class FileServer implements Resource {
    private static final int LAST_ANSWERS = 5;

    private final Assembly assembly;
    private final int port;
    private final String host;
    private final Optional<Path> files;
    private final Optional<String> authorization;
    private final String challenge;
    private final Router router;
    private final Routes routes;
    private @Nullable HttpServer server;
    private volatile String url = "";

    FileServer(Settings settings, Assembly assembly) {
        this.assembly = assembly;
        this.port = settings.get(ServerFields.PORT);
        this.host = settings.get(ServerFields.HOST);
        this.files = settings.find(ServerFields.FILES).map(assembly::path);
        Optional<Settings> auth = settings.find(ServerFields.AUTH);
        Optional<Settings> basic = auth.flatMap(a -> a.find(ClientFields.BASIC));
        this.authorization = basic.map(b -> Client.basic(b.get(ClientFields.USER) + ":" + b.get(ClientFields.PASSWORD)))
                .or(() -> auth.flatMap(a -> a.find(ClientFields.BEARER)).map(token -> "Bearer " + token));
        this.challenge = basic.isPresent() ? "Basic realm=\"millrace\"" : "Bearer";
        this.router = Router.router(assembly.vertx());
        this.routes = new Routes(router);
    }

    /** Where stages listen; the folder comes last. */
    Routes routes() {
        return routes;
    }

    /** Where it listens, once it is open. */
    String url() {
        return url;
    }

    @Override
    public Future<ObjectNode> open() {
        if (files.isPresent() && !Files.isDirectory(files.get())) {
            return Future.failedFuture(Failure.badData("\"files\": " + files.get()
                    + " is not a folder. Name one that exists, relative to the working directory."));
        }
        authorization.ifPresent(
                expected -> router.route().order(Integer.MIN_VALUE).handler(at -> check(at, expected)));
        files.ifPresent(folder -> router.route().last().handler(staticFiles(folder)));
        HttpServer listening = assembly.vertx()
                .createHttpServer(new HttpServerOptions().setHost(host).setPort(port))
                .requestHandler(router);
        server = listening;
        return listening
                .listen()
                .recover(this::explain)
                .map(HttpServer::actualPort)
                .map(this::described);
    }

    private static StaticHandler staticFiles(Path folder) {
        return StaticHandler.create(
                        FileSystemAccess.ROOT,
                        folder.toAbsolutePath().normalize().toString())
                .setDirectoryListing(false)
                .setIncludeHidden(false)
                .setEnableFSTuning(false)
                .setAlwaysAsyncFS(true)
                .setDefaultContentEncoding("UTF-8");
    }

    private void check(RoutingContext at, String expected) {
        String given = at.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (given != null && MessageDigest.isEqual(bytes(given), bytes(expected))) {
            at.next();
            return;
        }
        at.response()
                .putHeader("www-authenticate", challenge)
                .setStatusCode(401)
                .end();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Future<HttpServer> explain(Throwable thrown) {
        boolean inUse = thrown instanceof BindException
                && String.valueOf(thrown.getMessage()).contains("in use");
        String message = inUse
                ? "port " + port + " of " + host + " is in use. Choose another \"port\", or 0 for a free one."
                : "cannot listen on " + host + ":" + port + ": " + thrown.getMessage();
        return Future.failedFuture(Failure.of(Kind.UNREACHABLE, message, thrown));
    }

    private ObjectNode described(int actualPort) {
        String shown = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        String inUrl = shown.indexOf(':') < 0 ? shown : "[" + shown + "]";
        url = "http://" + inUrl + ":" + actualPort;
        return JsonNodeFactory.instance
                .objectNode()
                .put("url", url)
                .put("host", host)
                .put("port", actualPort);
    }

    /** Answers that are on their way get there. */
    @Override
    public Future<Void> close() {
        return server == null ? Future.succeededFuture() : server.shutdown(LAST_ANSWERS, TimeUnit.SECONDS);
    }
}
