package io.millrace;

import io.millrace.cli.AppSettings;
import io.millrace.cli.Works;
import io.millrace.control.ControlSocket;
import io.millrace.control.SocketFolder;
import io.millrace.engine.Engine;
import io.millrace.engine.VertxEngine;
import io.millrace.ledger.Ledger;
import io.millrace.spi.Expressions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Vert.x, the engine on it, the store and the embedded database beside it. */
final class Machinery implements Works {
    private static final long LEAVE_MS = 2_000;

    private final Vertx vertx;
    private final EmbeddedDatabase database;
    private final StateStore store;
    private final Engine engine;
    private final ControlSocket control;

    private Machinery(Vertx vertx, AppSettings settings, Expressions expressions) {
        this.vertx = vertx;
        this.database = new EmbeddedDatabase(vertx, settings.stateDir());
        this.store = new StateStore(vertx, settings.store(), database);
        this.engine = new VertxEngine(vertx, expressions, database, store);
        this.control = new ControlSocket(vertx, engine, SocketFolder.ofUser());
    }

    static Works open(AppSettings settings, Expressions expressions) {
        int loops =
                settings.eventLoops().orElse(Math.max(2, Runtime.getRuntime().availableProcessors()));
        // Nothing is read through Vert.x from the class path: its cache folder would only cost time at the start.
        FileSystemOptions files =
                new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(loops)
                .setFileSystemOptions(files)
                // A run watches its loops itself, and can name the step that holds one.
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.DAYS));
        OutOfMemory.endsTheProcess(vertx);
        return new Machinery(vertx, settings, expressions);
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Future<Ledger> ledger(Optional<String> address) {
        return store.ledger(address);
    }

    /** The future belongs to no event loop: there is none left when it completes. */
    @Override
    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        control.close()
                .eventually(store::close)
                .eventually(database::close)
                .onComplete(left -> leave().whenComplete((done, thrown) -> closed.complete()));
        return closed.future();
    }

    /** Connections that have fallen silent would be closed in good order, which takes them ten seconds: nobody waits for that. */
    private CompletableFuture<Void> leave() {
        return vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .completeOnTimeout(null, LEAVE_MS, TimeUnit.MILLISECONDS);
    }
}
