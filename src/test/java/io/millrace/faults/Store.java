package io.millrace.faults;

import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.RunSummary;
import io.millrace.spi.DatabaseAddress;
import io.millrace.store.ledger.PostgresLedger;
import io.millrace.testkit.Await;
import io.millrace.testkit.CuttingProxy;
import io.millrace.testkit.Embedded;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where runs are kept. Either in the embedded server of a state directory, which belongs to the processes under test, and an outsider joins only to
 * look; or in a server of ours that they know by its address, and reach through a proxy that can be told to fail.
 */
final class Store implements AutoCloseable {
    private static final int MOST_LETTERS = 1_000_000;
    private static final int STATUS_LINE = 7;

    private final Path stateDir;
    private final Optional<Embedded> ours;
    private final Optional<CuttingProxy> proxy;

    private Store(Path stateDir, Optional<Embedded> ours) {
        this.stateDir = stateDir;
        this.ours = ours;
        this.proxy = ours.map(server -> new CuttingProxy(Await.get(server.embedded())));
    }

    /** Started by who needs it first, and left to those who use it. */
    static Store embedded(Path stateDir) {
        return new Store(stateDir, Optional.empty());
    }

    /** Started here, and reached through a proxy. */
    static Store shared(Path stateDir) {
        return new Store(stateDir, Optional.of(new Embedded(stateDir)));
    }

    /** What a process is told of it. */
    List<String> arguments() {
        return proxy.map(way -> List.of("--store", uri(way.address())))
                .orElse(List.of("--state-dir", stateDir.toString()));
    }

    /** What flows are told of it. */
    Map<String, String> environment() {
        return proxy.map(way -> Map.of("STORE", uri(way.address()))).orElse(Map.of());
    }

    private static String uri(DatabaseAddress at) {
        return "postgresql://" + at.user() + ":" + URLEncoder.encode(at.password(), StandardCharsets.UTF_8) + "@"
                + at.host() + ":" + at.port() + "/" + at.database();
    }

    CuttingProxy proxy() {
        return proxy.orElseThrow(() -> new IllegalStateException("the store is not reached through a proxy"));
    }

    /** Starts a server of ours again if it has died; of any other, others take care. */
    void mend() {
        ours.ifPresent(Embedded::revive);
    }

    @Override
    public void close() {
        proxy.ifPresent(CuttingProxy::close);
        ours.ifPresent(Embedded::close);
    }

    /** A look into the store: its server runs at least so long. */
    static final class Look implements AutoCloseable {
        private final Embedded server;
        private final Vertx vertx = Vertx.vertx();
        private final PgConnectOptions options;
        private final Ledger ledger;

        private Look(Path stateDir) {
            server = new Embedded(stateDir);
            options = options(Await.get(server.embedded()));
            ledger = Await.get(PostgresLedger.connect(vertx, () -> Future.succeededFuture(options)));
        }

        /** The newest run of a flow. */
        RunSummary run(String flow) {
            return Await.get(ledger.runs()).stream()
                    .filter(run -> run.flow().equals(flow))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the store knows no run of " + flow));
        }

        List<KeptLetter> letters(RunSummary run) {
            return Await.get(ledger.deadLetters(run.id(), 0, MOST_LETTERS));
        }

        <T> List<T> rows(String sql, Function<Row, T> read) {
            return Await.get(PgConnection.connect(vertx, options)
                    .compose(connection -> connection
                            .query(sql)
                            .execute()
                            .<List<T>>map(rows -> {
                                List<T> all = new ArrayList<>();
                                rows.forEach(row -> all.add(read.apply(row)));
                                return all;
                            })
                            .eventually(connection::close)));
        }

        @Override
        public void close() {
            Await.get(ledger.close());
            Await.get(vertx.close());
            server.close();
        }
    }

    Look look() {
        return new Look(stateDir);
    }

    private static PgConnectOptions options(DatabaseAddress at) {
        return new PgConnectOptions()
                .setHost(at.host())
                .setPort(at.port())
                .setUser(at.user())
                .setPassword(at.password())
                .setDatabase(at.database());
    }

    /** The process of the server, if it takes connections. */
    Optional<Long> server() {
        Path file = stateDir.resolve("postgres/data/postmaster.pid");
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            boolean ready =
                    lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
            return ready ? Optional.of(Long.parseLong(lines.get(0).strip())) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
