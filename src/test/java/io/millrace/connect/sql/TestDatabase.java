package io.millrace.connect.sql;

import io.millrace.spi.DatabaseAddress;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fresh database on the embedded server, or on the one that {@code DATABASE_URL} names, whose user may create databases. The
 * embedded server ends with the JVM.
 */
final class TestDatabase {
    private static final @Nullable String URL = System.getenv("DATABASE_URL");
    private static @Nullable EmbeddedPostgres embedded;

    private final Vertx vertx;
    private final String name = "millrace_test_" + UUID.randomUUID().toString().substring(0, 8);

    TestDatabase(Vertx vertx) {
        this.vertx = vertx;
        administer("CREATE DATABASE " + name);
    }

    void drop() {
        administer("DROP DATABASE " + name + " WITH (FORCE)");
    }

    /** Settings of a resource for this database. */
    String settings(String more) {
        String uri = URL == null ? "" : "uri: '" + URL.replaceFirst("/[^/?]*(\\?.*)?$", "/" + name + "$1") + "'";
        return "{" + uri + (uri.isEmpty() || more.isEmpty() ? "" : ", ") + more + "}";
    }

    TestAssembly assembly() {
        TestAssembly assembly = new TestAssembly(vertx);
        return URL == null ? assembly.database(address(embedded(), name)) : assembly;
    }

    PgConnectOptions options() {
        return options(name);
    }

    /** Where it is, for flows that name no server. */
    DatabaseAddress address() {
        return address(embedded(), name);
    }

    static DatabaseAddress address(EmbeddedPostgres server, String database) {
        EmbeddedPostgres.Address at = server.address();
        return new DatabaseAddress(at.socketDir().toString(), at.port(), at.user(), at.password(), database);
    }

    private PgConnectOptions options(String database) {
        if (URL != null) {
            PgConnectOptions options = PostgresUri.parse(URL);
            return database.isEmpty() ? options : options.setDatabase(database);
        }
        DatabaseAddress at = address(embedded(), database.isEmpty() ? "postgres" : database);
        return new PgConnectOptions()
                .setHost(at.host())
                .setPort(at.port())
                .setUser(at.user())
                .setPassword(at.password())
                .setDatabase(at.database());
    }

    private void administer(String statement) {
        Await.get(PgConnection.connect(vertx, options(""))
                .compose(connection -> connection.query(statement).execute().eventually(connection::close)));
    }

    private static synchronized EmbeddedPostgres embedded() {
        if (embedded == null) {
            embedded = EmbeddedPostgres.start(Path.of("target", "test-postgres").toAbsolutePath());
        }
        return embedded;
    }
}
