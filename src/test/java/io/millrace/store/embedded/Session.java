package io.millrace.store.embedded;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.TimeUnit;

/** One connection to a server, over its Unix socket. Holds the client, which the garbage collector would else close. */
final class Session implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final PgConnection connection;

    Session(EmbeddedPostgres.Address address) throws Exception {
        connection = await(PgConnection.connect(
                vertx,
                new PgConnectOptions()
                        .setHost(address.socketDir().toString())
                        .setPort(address.port())
                        .setUser(address.user())
                        .setPassword(address.password())
                        .setDatabase(address.database())));
    }

    /** The first column of the first row, as text. */
    static String query(EmbeddedPostgres.Address address, String sql) throws Exception {
        try (Session session = new Session(address)) {
            return session.query(sql);
        }
    }

    String query(String sql) throws Exception {
        var rows = await(connection.query(sql).execute());
        return rows.size() == 0 ? "" : String.valueOf(rows.iterator().next().getValue(0));
    }

    @Override
    public void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
