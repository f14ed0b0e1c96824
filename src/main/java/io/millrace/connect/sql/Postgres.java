package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Failure;
import io.millrace.spi.Resource;
import io.millrace.spi.Settings;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A database, open: its connections. */
final class Postgres implements Resource {
    /** The schema of the state of durable flows. */
    private static final String STATE = "millrace";

    /** The lock under which {@code init} runs, so that several processes may start at once: "mill" in ASCII. */
    private static final long INIT_LOCK = 0x6d696c6cL;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Settings settings;
    private final Assembly assembly;
    private final Dialer dialer;
    private final Lanes lanes;
    private @Nullable Watchdog watchdog;

    Postgres(Settings settings, Assembly assembly) {
        this.settings = settings;
        this.assembly = assembly;
        this.dialer = new Dialer(
                assembly.vertx(),
                this::address,
                settings.get(PostgresResourceType.CONNECT_TIMEOUT),
                settings.find(PostgresResourceType.STATEMENT_TIMEOUT).orElse(Duration.ZERO));
        this.lanes = new Lanes(assembly.vertx(), dialer, settings.get(PostgresResourceType.POOL));
    }

    @Override
    public Future<ObjectNode> open() {
        List<String> statements = settings.find(PostgresResourceType.INIT).orElse(List.of());
        return lanes.alone(connection -> init(connection, statements))
                .future()
                .compose(done -> address())
                .map(this::opened)
                .recover(thrown -> close().transform(closed -> Future.failedFuture(thrown)));
    }

    private ObjectNode opened(PgConnectOptions options) {
        watchdog = new Watchdog(assembly.vertx(), dialer, lanes, PATIENCE);
        return JsonNodeFactory.instance
                .objectNode()
                .put("host", options.getHost())
                .put("port", options.getPort())
                .put("database", options.getDatabase());
    }

    @Override
    public Future<Void> close() {
        if (watchdog != null) {
            watchdog.stop();
        }
        return lanes.close();
    }

    Lanes lanes() {
        return lanes;
    }

    /** A connection outside the pool: for what holds one as long as a run lasts. */
    Future<PgConnection> line() {
        return dialer.dial().map(Dialer.Line::connection);
    }

    private Future<PgConnectOptions> address() {
        Optional<String> address = PostgresResourceType.address(settings, assembly.variables());
        if (address.isEmpty()) {
            return assembly.embeddedDatabase().map(Postgres::options).map(Postgres::apartFromState);
        }
        try {
            return Future.succeededFuture(apartFromState(PostgresUri.parse(address.get())));
        } catch (IllegalArgumentException e) {
            String name =
                    settings.find(PostgresResourceType.URI).isPresent() ? "uri" : PostgresResourceType.ENVIRONMENT;
            return Future.failedFuture(Failure.badData(name + ": " + e.getMessage()));
        }
    }

    /** A role's own schema comes first unless the address says otherwise; that of this one would be where durable flows keep their state. */
    private static PgConnectOptions apartFromState(PgConnectOptions options) {
        boolean found = options.getProperties().containsKey("search_path")
                || options.getProperties().containsKey("options");
        return options.getUser().equals(STATE) && !found ? options.addProperty("search_path", "public") : options;
    }

    private static PgConnectOptions options(DatabaseAddress address) {
        return new PgConnectOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setUser(address.user())
                .setPassword(address.password())
                .setDatabase(address.database());
    }

    private static Future<Void> init(PgConnection connection, List<String> statements) {
        if (statements.isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Void> done = connection
                .query("SELECT pg_advisory_lock(" + INIT_LOCK + ")")
                .execute()
                .mapEmpty();
        for (int i = 0; i < statements.size(); i++) {
            int at = i;
            done = done.compose(before -> run(connection, statements.get(at), at));
        }
        return done.eventually(() ->
                connection.query("SELECT pg_advisory_unlock(" + INIT_LOCK + ")").execute());
    }

    private static Future<Void> run(PgConnection connection, String statement, int index) {
        return connection.query(statement).execute().<Void>mapEmpty().recover(thrown -> {
            Failure why = SqlFailures.of(thrown, statement);
            return Future.failedFuture(Failure.build(why.kind(), "init statement " + (index + 1) + ": " + why.message())
                    .code(why.code())
                    .cause(thrown)
                    .done());
        });
    }
}
