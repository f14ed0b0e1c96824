package io.millrace.testkit;

import io.millrace.engine.Databases;
import io.millrace.spi.DatabaseAddress;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.vertx.core.Future;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A real embedded PostgreSQL for tests, started when first asked for. */
public final class Embedded implements Databases, AutoCloseable {
    private final Path stateDir;
    private @Nullable EmbeddedPostgres server;

    public Embedded(Path stateDir) {
        this.stateDir = stateDir;
    }

    @Override
    public synchronized Future<DatabaseAddress> embedded() {
        if (server == null) {
            server = EmbeddedPostgres.start(stateDir);
        }
        EmbeddedPostgres.Address at = server.address();
        return Future.succeededFuture(
                new DatabaseAddress(at.socketDir().toString(), at.port(), at.user(), at.password(), at.database()));
    }

    /** Starts it again if it has died. */
    public synchronized void revive() {
        if (server != null) {
            server.revive();
        }
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.close();
        }
    }
}
