package io.millrace.control;

import io.millrace.engine.Engine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other processes of the same user see and steer the runs of this one, over a Unix socket that nobody else can reach. It opens a
 * little after the start, so that short runs do not pay for it. Where it cannot be, runs go on without it.
 */
public final class ControlSocket {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.control");
    private static final Duration AFTER = Duration.ofMillis(250);

    private final Vertx vertx;
    private final Engine engine;
    private final SocketFolder folder;
    private final long timer;
    private volatile boolean closed;
    private volatile @Nullable Path path;
    private volatile @Nullable HttpServer server;

    public ControlSocket(Vertx vertx, Engine engine, SocketFolder folder) {
        this.vertx = vertx;
        this.engine = engine;
        this.folder = folder;
        this.timer = vertx.setTimer(AFTER.toMillis(), id -> open());
    }

    private void open() {
        vertx.executeBlocking(() -> folder.claim(ProcessHandle.current().pid()))
                .compose(this::listen)
                .onFailure(why -> LOG.debug("no control socket: {}", why.toString()));
    }

    private Future<HttpServer> listen(Path claimed) {
        if (closed) {
            return Future.failedFuture("closed");
        }
        HttpServer made = vertx.createHttpServer().requestHandler(new RunApi(engine).router(vertx));
        server = made;
        path = claimed;
        return made.listen(SocketAddress.domainSocketAddress(claimed.toString()));
    }

    /** Answers what was asked, and goes. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        HttpServer open = server;
        Path claimed = path;
        if (open == null || claimed == null) {
            return Future.succeededFuture();
        }
        return open.shutdown(1, TimeUnit.SECONDS)
                .eventually(() -> vertx.executeBlocking(() -> Files.deleteIfExists(claimed)));
    }
}
