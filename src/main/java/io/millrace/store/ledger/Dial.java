package io.millrace.store.ledger;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Opens lines, each within a time: pg-client waits for ever on a server that takes the connection and never answers. One that does not come at once may have been
 * asked for while the server was away, and may not notice that it is back: so others are tried beside it, and the first that comes is taken.
 */
final class Dial {
    /** A transaction whose client fell silent is ended soon, for others wait behind its fence; a statement is given longer. */
    private static final String SESSION = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO';"
            + " SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '5s'";

    /** Not known to servers before 14, nor on every system. */
    private static final String CHECK_CLIENT = "SET client_connection_check_interval = '5s'";

    private static final String BACKEND =
            "SELECT pg_backend_pid(), (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())";

    /** It says that it starts, or goes: worth a wait, after a crash too, when it has its log to go through. */
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private static final Duration STARTING = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(200);

    /** Before one more is tried beside those that have not come. */
    private static final Duration BESIDE = Duration.ofSeconds(1);

    /** Tries that have neither come nor failed, beside which no other is made: each is a socket that nothing closes. */
    private static final int MOST_OPEN = 16;

    private final Vertx vertx;
    private final Supplier<Future<PgConnectOptions>> address;
    private final Duration timeout;
    private final AtomicInteger open = new AtomicInteger();

    /** @param address asked each time: a server that was started again may have moved */
    Dial(Vertx vertx, Supplier<Future<PgConnectOptions>> address, Duration timeout) {
        this.vertx = vertx;
        this.address = address;
        this.timeout = timeout;
    }

    /** Fails with UNREACHABLE, or with what the server had against it. The time begins when the address is known: a server of ours may have to be made first. */
    Future<Line> dial() {
        long deadline = System.nanoTime() + STARTING.toNanos();
        return address.get()
                .compose(options -> dial(options, deadline))
                .recover(thrown -> Future.failedFuture(told(thrown)));
    }

    private Future<Line> dial(PgConnectOptions options, long deadline) {
        return dial(options).recover(thrown -> {
            boolean soon = CANNOT_CONNECT_NOW.equals(Faults.code(thrown)) && System.nanoTime() - deadline < 0;
            return soon
                    ? vertx.timer(GLANCE.toMillis(), TimeUnit.MILLISECONDS).compose(waited -> dial(options, deadline))
                    : Future.failedFuture(thrown);
        });
    }

    private Future<Line> dial(PgConnectOptions options) {
        Promise<Line> first = Promise.promise();
        long timer = vertx.setTimer(
                Math.max(1, timeout.toMillis()),
                id -> first.tryFail(Failure.of(
                        Kind.UNREACHABLE,
                        "the store's PostgreSQL does not answer within " + timeout.toMillis()
                                + " ms. See whether it runs.")));
        attempt(options, first);
        long beside = vertx.setPeriodic(BESIDE.toMillis(), id -> {
            if (open.get() < MOST_OPEN) {
                attempt(options, first);
            }
        });
        return first.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            vertx.cancelTimer(beside);
        });
    }

    private void attempt(PgConnectOptions options, Promise<Line> first) {
        open.incrementAndGet();
        PgConnection.connect(vertx, tuned(options))
                .compose(connection -> prepare(connection, first.future()))
                .onComplete(done -> open.decrementAndGet())
                .onSuccess(line -> {
                    if (!first.tryComplete(line)) {
                        line.drop();
                    }
                })
                .onFailure(first::tryFail);
    }

    /** @param first if it is there already, this one is not needed */
    private static Future<Line> prepare(PgConnection connection, Future<Line> first) {
        connection.noticeHandler(notice -> {}); // else each "already exists, skipping" is a warning in the log
        connection.exceptionHandler(thrown -> {}); // the statements under way fail with it
        if (first.isComplete()) {
            connection.close();
        }
        return connection
                .query(SESSION)
                .execute()
                .compose(set -> connection.query(CHECK_CLIENT).execute().transform(any -> Future.succeededFuture()))
                .compose(set -> connection.query(BACKEND).execute())
                .map(rows -> line(connection, rows))
                .onFailure(thrown -> connection.close());
    }

    private static Line line(PgConnection connection, RowSet<Row> rows) {
        Row row = rows.iterator().next();
        int pid = row.getInteger(0);
        return new Line(connection, pid, pid == connection.processId() ? row.getOffsetDateTime(1) : null);
    }

    private static PgConnectOptions tuned(PgConnectOptions options) {
        return new PgConnectOptions(options)
                .setCachePreparedStatements(true)
                .setPipeliningLimit(256)
                .addProperty("application_name", "millrace ledger");
    }

    private static Failure told(Throwable thrown) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        String why = thrown instanceof PgException pg ? pg.getErrorMessage() : thrown.getMessage();
        String mend = Faults.code(thrown) == null ? ". See whether it runs, and whether its address is right." : "";
        Failure.Builder failure = Failure.build(Kind.UNREACHABLE, "cannot use the store's PostgreSQL: " + why + mend)
                .cause(thrown);
        return failure.code(Faults.code(thrown)).retryable(true).done();
    }
}
