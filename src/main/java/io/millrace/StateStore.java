package io.millrace;

import io.millrace.connect.sql.PostgresUri;
import io.millrace.engine.Ledgers;
import io.millrace.ledger.Ledger;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Failure;
import io.millrace.store.ledger.PostgresLedger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the state of durable flows is kept: the server that the user names, or else the embedded one. Connected to when first asked for. */
final class StateStore implements Ledgers {
    private final Vertx vertx;
    private final Optional<String> uri;
    private final EmbeddedDatabase database;
    private final Map<String, Future<Ledger>> connected = new LinkedHashMap<>();

    /** @param uri of the user's server; empty: the embedded one */
    StateStore(Vertx vertx, Optional<String> uri, EmbeddedDatabase database) {
        this.vertx = vertx;
        this.uri = uri;
        this.database = database;
    }

    @Override
    public synchronized Future<Ledger> ledger(Optional<String> named) {
        String address = named.or(() -> uri).orElse(EMBEDDED);
        Future<Ledger> ledger = connected.get(address);
        if (ledger == null || ledger.failed()) {
            ledger = connect(address);
            connected.put(address, ledger);
        }
        return ledger;
    }

    private Future<Ledger> connect(String address) {
        try {
            return PostgresLedger.connect(vertx, supplier(address));
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(Failure.badData("the address of the store cannot be read. " + e.getMessage()));
        }
    }

    /** Asked for each connection, so that an embedded server that died is started again. */
    private Supplier<Future<PgConnectOptions>> supplier(String address) {
        if (address.equals(EMBEDDED)) {
            return () -> database.embedded().map(StateStore::options);
        }
        PgConnectOptions named = PostgresUri.parse(address);
        return () -> Future.succeededFuture(named);
    }

    private static PgConnectOptions options(DatabaseAddress at) {
        return new PgConnectOptions()
                .setHost(at.host())
                .setPort(at.port())
                .setUser(at.user())
                .setPassword(at.password())
                .setDatabase(at.database());
    }

    /** Before the embedded server is left. */
    synchronized Future<Void> close() {
        Future<Void> all = Future.succeededFuture();
        for (Future<Ledger> ledger : connected.values()) {
            all = all.compose(done -> ledger.compose(Ledger::close).otherwiseEmpty());
        }
        return all;
    }
}
