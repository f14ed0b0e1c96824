package io.millrace.store.ledger;

import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerBench;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.StoreTransaction;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.testkit.Await;
import io.millrace.testkit.CuttingProxy;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** Processes on a real server, each behind a proxy that can break its lines. */
final class PostgresBench implements LedgerBench {
    private final Vertx vertx;
    private final EmbeddedPostgres server;
    private final Map<Ledger, CuttingProxy> proxies = new HashMap<>();
    private final List<Ledger> ledgers = new ArrayList<>();
    private Line admin;

    PostgresBench(Vertx vertx, EmbeddedPostgres server) {
        this.vertx = vertx;
        this.server = server;
        this.admin = Await.get(dial(this::direct).dial());
        Await.get(admin.script("DROP TABLE IF EXISTS rows; DROP TABLE IF EXISTS good;"
                + " CREATE TABLE good (value text PRIMARY KEY); INSERT INTO good VALUES ('ok');"
                + " CREATE TABLE rows (n serial, value text, sort text REFERENCES good DEFERRABLE INITIALLY DEFERRED,"
                + " CHECK (value <> 'bad'))"));
    }

    @Override
    public Ledger process() {
        return process(new CuttingProxy(address()), Duration.ofSeconds(10));
    }

    /** One that reaches the server through this. */
    Ledger process(CuttingProxy proxy, Duration patience) {
        Ledger ledger = process(() -> Future.succeededFuture(options(proxy.address())), patience);
        proxies.put(ledger, proxy);
        return ledger;
    }

    Ledger process(Supplier<Future<PgConnectOptions>> address, Duration patience) {
        return process(address, new PostgresLedger.Waits(patience, Duration.ZERO));
    }

    Ledger process(Supplier<Future<PgConnectOptions>> address, PostgresLedger.Waits waits) {
        Ledger ledger = Await.get(PostgresLedger.connect(vertx, dial(address), waits));
        ledgers.add(ledger);
        return ledger;
    }

    CuttingProxy proxy(Ledger process) {
        return Objects.requireNonNull(proxies.get(process));
    }

    Line admin() {
        return admin;
    }

    /** After the server was killed. */
    void dialAgain() {
        admin.drop();
        admin = Await.get(dial(this::revived).dial());
    }

    @Override
    public void fallsSilent(Ledger process) {
        ((PostgresLedger) process).fallSilent();
        makeOld(process);
    }

    void makeOld(Ledger process) {
        Await.get(admin.run(
                "UPDATE millrace.node SET beat = beat - interval '31 s' WHERE node = $1",
                ((PostgresLedger) process).node()));
    }

    @Override
    public void looks(Ledger process) {
        Await.get(((PostgresLedger) process).lookNow());
    }

    @Override
    public void passes(Duration time) {
        Await.get(admin.script("UPDATE millrace.queue SET not_before = not_before - interval '" + time.toMillis()
                + " ms'; UPDATE millrace.keep SET until = until - interval '" + time.toMillis() + " ms'"));
    }

    @Override
    public void cut(Ledger process, Cut how) {
        proxy(process).cut(how);
    }

    @Override
    public void cutClaim(Ledger process, String stage, Cut how) {
        proxy(process).cut(how, stage);
    }

    @Override
    public Function<StoreTransaction, Future<List<DeadLetter>>> row(String text) {
        return row(text, "ok");
    }

    static Function<StoreTransaction, Future<List<DeadLetter>>> row(String text, String sort) {
        return transaction -> transaction
                .connection(SqlConnection.class)
                .preparedQuery("INSERT INTO rows (value, sort) VALUES ($1, $2)")
                .execute(Tuple.of(text, sort))
                .map(done -> List.of());
    }

    @Override
    public List<String> rows() {
        List<String> values = new ArrayList<>();
        for (Row row : Await.get(admin.script("SELECT value FROM rows ORDER BY n"))) {
            values.add(row.getString(0));
        }
        return values;
    }

    @Override
    public void close() {
        ledgers.forEach(ledger -> Await.get(ledger.close()));
        proxies.values().forEach(CuttingProxy::close);
        admin.drop();
    }

    private Dial dial(Supplier<Future<PgConnectOptions>> address) {
        return new Dial(vertx, address, Duration.ofSeconds(5));
    }

    Future<PgConnectOptions> direct() {
        return Future.succeededFuture(options(address()));
    }

    Future<PgConnectOptions> revived() {
        return vertx.executeBlocking(server::revive).map(at -> options(address()));
    }

    DatabaseAddress address() {
        EmbeddedPostgres.Address at = server.address();
        return new DatabaseAddress(at.socketDir().toString(), at.port(), at.user(), at.password(), at.database());
    }

    static PgConnectOptions options(DatabaseAddress at) {
        return new PgConnectOptions()
                .setHost(at.host())
                .setPort(at.port())
                .setUser(at.user())
                .setPassword(at.password())
                .setDatabase(at.database());
    }
}
