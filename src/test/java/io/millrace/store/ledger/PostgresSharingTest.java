package io.millrace.store.ledger;

import io.millrace.ledger.LedgerBench;
import io.millrace.ledger.SharingContract;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.testkit.Await;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract of shared runs on a real server. */
class PostgresSharingTest extends SharingContract {
    @TempDir
    static Path stateDir;

    private static Vertx vertx;
    private static EmbeddedPostgres server;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = EmbeddedPostgres.start(stateDir);
    }

    @AfterAll
    static void stop() {
        Await.get(vertx.close());
        server.close();
    }

    @Override
    protected LedgerBench open() {
        return new PostgresBench(vertx, server);
    }
}
