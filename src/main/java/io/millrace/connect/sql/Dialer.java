package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Opens connections to one server, each within a time: pg-client waits for ever on a server that takes the connection and never answers,
 * and a pool of its would be poisoned by that. One that was asked for while the server was away may not notice that it is back: so others are tried beside it, and
 * the first that comes is taken.
 */
final class Dialer {
    /** A connection, and whether its process id is the server's (behind a pooler it is not). */
    record Line(PgConnection connection, boolean direct) {}

    /** UTC, so that the server's texts and ours agree; only what this server knows. */
    private static final String SESSION =
            "SELECT set_config(n, v, false), pg_backend_pid() FROM (VALUES ('TimeZone','UTC'), ('DateStyle','ISO'),"
                    + " ('IntervalStyle','postgres'), ('statement_timeout', $1)) s(n, v)";

    /** A server that runs a long statement sees that we have gone. Not known to servers before 14, nor on every system. */
    private static final String CHECK_CLIENT = "SET client_connection_check_interval = '10s'";

    /** Before one more is tried beside those that have not come. */
    private static final long BESIDE_MS = 1_000;

    /** Tries that have neither come nor failed, beside which no other is made: each is a socket that nothing closes. */
    private static final int MOST_OPEN = 16;

    private final Vertx vertx;
    private final Supplier<Future<PgConnectOptions>> address;
    private final Duration connectTimeout;
    private final Duration statementTimeout;
    private final AtomicInteger open = new AtomicInteger();

    Dialer(
            Vertx vertx,
            Supplier<Future<PgConnectOptions>> address,
            Duration connectTimeout,
            Duration statementTimeout) {
        this.vertx = vertx;
        this.address = address;
        this.connectTimeout = connectTimeout;
        this.statementTimeout = statementTimeout;
    }

    /** Fails with what is wrong with host, port, user or database, and how to mend it; never with the password. */
    Future<Line> dial() {
        return address.get().compose(this::dial);
    }

    private Future<Line> dial(PgConnectOptions options) {
        Promise<Line> first = Promise.promise();
        long timer = vertx.setTimer(Math.max(1, connectTimeout.toMillis()), id -> first.tryFail(silent(options)));
        attempt(options, first);
        long beside = vertx.setPeriodic(BESIDE_MS, id -> {
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
                        line.connection().close();
                    }
                })
                .onFailure(thrown -> first.tryFail(explain(thrown, options)));
    }

    /** @param first if it is there already, this one is not needed */
    private Future<Line> prepare(PgConnection connection, Future<Line> first) {
        connection.noticeHandler(notice -> {}); // else each "already exists, skipping" is a warning in the log
        if (first.isComplete()) {
            connection.close();
        }
        return connection
                .preparedQuery(SESSION)
                .execute(Tuple.of(Long.toString(statementTimeout.toMillis())))
                .map(rows -> new Line(connection, rows.iterator().next().getInteger(1) == connection.processId()))
                .compose(line ->
                        connection.query(CHECK_CLIENT).execute().transform(done -> Future.succeededFuture(line)))
                .onFailure(thrown -> connection.close());
    }

    private static PgConnectOptions tuned(PgConnectOptions options) {
        PgConnectOptions tuned = new PgConnectOptions(options)
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(256)
                .setPreparedStatementCacheSqlLimit(1 << 16)
                .setPipeliningLimit(256);
        if (!tuned.getProperties().containsKey("application_name")
                || "vertx-pg-client".equals(tuned.getProperties().get("application_name"))) {
            tuned.addProperty("application_name", "millrace");
        }
        return tuned;
    }

    private Failure silent(PgConnectOptions options) {
        return Failure.of(
                Kind.UNREACHABLE,
                where(options) + ": no answer within " + connectTimeout.toMillis()
                        + " ms. See whether a PostgreSQL server listens there, or raise \"connectTimeout\".");
    }

    /** One sentence on what is wrong, one on the mend. */
    static Failure explain(Throwable thrown, PgConnectOptions options) {
        if (thrown instanceof PgException pg) {
            Failure failure = SqlFailures.of(pg);
            return Failure.build(failure.kind(), where(options) + ": " + answered(pg))
                    .code(pg.getSqlState())
                    .retryable(failure.retryable())
                    .cause(pg)
                    .done();
        }
        return Failure.of(Kind.UNREACHABLE, where(options) + ": " + unanswered(thrown), thrown);
    }

    private static String answered(PgException pg) {
        String text = pg.getErrorMessage() + ". ";
        return switch (String.valueOf(pg.getSqlState())) {
            case "28P01" -> text + "Correct user and password in \"uri\".";
            case "28000" -> text + "Let this user and address in (pg_hba.conf), or try sslmode=require in \"uri\".";
            case "3D000" -> text + "Create it with CREATE DATABASE, or correct its name in \"uri\".";
            case "53300" -> text + "Lower \"pool\", or raise the server's max_connections.";
            default -> text + "Correct \"uri\", or mend the server.";
        };
    }

    private static String unanswered(Throwable thrown) {
        String text = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        Throwable root = thrown.getCause() == null ? thrown : thrown.getCause();
        if (root instanceof UnknownHostException || thrown instanceof UnknownHostException) {
            return "the host is not known. Correct the host in \"uri\".";
        }
        if (root instanceof ConnectException || thrown instanceof ConnectException) {
            return "the connection was refused. Start the server, or correct host and port in \"uri\".";
        }
        return text + ". Correct \"uri\", or mend the server.";
    }

    private static String where(PgConnectOptions options) {
        return "cannot connect to PostgreSQL at " + options.getHost() + ":" + options.getPort() + ", database \""
                + options.getDatabase() + "\", as user \"" + options.getUser() + "\"";
    }
}
