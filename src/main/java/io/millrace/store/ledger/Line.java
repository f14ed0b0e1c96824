package io.millrace.store.ledger;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection, and the process of the server that serves it.
 *
 * @param since when that process began, which names it together with its pid; null behind a pooler, where the pid is nobody's
 */
record Line(PgConnection connection, int pid, @Nullable OffsetDateTime since) {
    Future<RowSet<Row>> run(String sql, @Nullable Object... values) {
        return connection.preparedQuery(sql).execute(Tuple.from(values));
    }

    /** Plain text, which may hold several statements. */
    Future<RowSet<Row>> script(String sql) {
        return connection.query(sql).execute();
    }

    /** All of it, or nothing: a failure rolls back, and is what the future fails with. */
    <T> Future<T> transaction(Supplier<Future<T>> work) {
        return transaction("BEGIN", work);
    }

    /** Questions that are answered as of one moment, whatever is committed meanwhile. */
    <T> Future<T> atOnce(Supplier<Future<T>> questions) {
        return transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", questions);
    }

    private <T> Future<T> transaction(String begin, Supplier<Future<T>> work) {
        return script(begin)
                .compose(begun -> work.get())
                .compose(
                        done -> script("COMMIT").map(done),
                        thrown -> script("ROLLBACK").transform(rolled -> Future.failedFuture(thrown)));
    }

    /** Does not wait: a dead line never answers. */
    void drop() {
        connection.close();
    }
}
