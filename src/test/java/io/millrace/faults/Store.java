package io.millrace.faults;

import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.RunSummary;
import io.millrace.spi.DatabaseAddress;
import io.millrace.store.ledger.PostgresLedger;
import io.millrace.testkit.Await;
import io.millrace.testkit.Embedded;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The embedded server of a state directory, as an outsider sees it who joins only to look. */
record Store(Path stateDir) {
    private static final int MOST_LETTERS = 1_000_000;
    private static final int STATUS_LINE = 7;

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
