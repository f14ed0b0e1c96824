package io.millrace;

import io.millrace.engine.Databases;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Failure;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.store.embedded.EmbeddedPostgresException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Adapts the embedded PostgreSQL to the engine: started when first asked for, left at the end. */
final class EmbeddedDatabase implements Databases {
    private final Vertx vertx;
    private final Path stateDir;
    private @Nullable Future<EmbeddedPostgres> started;

    EmbeddedDatabase(Vertx vertx, Path stateDir) {
        this.vertx = vertx;
        this.stateDir = stateDir;
    }

    /** Asked before each connection: a server that has died is started again, also under others that use it. */
    @Override
    public Future<DatabaseAddress> embedded() {
        return started()
                .compose(server -> vertx.executeBlocking(server::revive, false))
                .map(EmbeddedDatabase::address)
                .recover(EmbeddedDatabase::told);
    }

    private synchronized Future<EmbeddedPostgres> started() {
        Future<EmbeddedPostgres> server = started;
        if (server == null) {
            server = vertx.executeBlocking(() -> EmbeddedPostgres.start(stateDir), false);
            started = server;
        }
        return server;
    }

    synchronized Future<Void> close() {
        return started == null
                ? Future.succeededFuture()
                : started.compose(server -> vertx.<Void>executeBlocking(() -> leave(server), false))
                        .otherwiseEmpty();
    }

    private static @Nullable Void leave(EmbeddedPostgres server) {
        server.close();
        return null;
    }

    private static DatabaseAddress address(EmbeddedPostgres.Address at) {
        return new DatabaseAddress(at.socketDir().toString(), at.port(), at.user(), at.password(), at.database());
    }

    /** Its message is for the user, and says how to mend it. */
    private static Future<DatabaseAddress> told(Throwable thrown) {
        return Future.failedFuture(
                thrown instanceof EmbeddedPostgresException e
                        ? Failure.of(Failure.Kind.UNREACHABLE, String.valueOf(e.getMessage()), e)
                        : thrown);
    }
}
