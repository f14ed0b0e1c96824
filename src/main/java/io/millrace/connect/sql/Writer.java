package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes rows by themselves: one statement where all set the same columns, else one for each set of columns in a transaction. What the
 * server refuses is isolated in a transaction; rejections are told after it, for until then the batch may still be written anew.
 */
final class Writer {
    private static final int ATTEMPTS = 8;

    private final Vertx vertx;
    private final Lanes lanes;
    private final RowWriter writer;

    Writer(Vertx vertx, Lanes lanes, RowWriter writer) {
        this.vertx = vertx;
        this.lanes = lanes;
        this.writer = writer;
    }

    /** Writes the rows; those that cannot be written are put into the map, by their documents' places in the batch. */
    Future<Void> write(List<NewRow> rows, Map<Integer, Failure> rejected) {
        return rows.isEmpty()
                ? Future.succeededFuture()
                : repeated(1, () -> once(rows, rejected))
                        .recover(thrown -> Future.failedFuture(SqlFailures.of(thrown)));
    }

    private Future<Void> once(List<NewRow> rows, Map<Integer, Failure> rejected) {
        Map<BitSet, List<NewRow>> groups = RowReader.byColumns(rows);
        Future<Void> written = groups.size() == 1
                ? lanes.shared(connection -> writer.execute(connection, rows)).future()
                : lanes.alone(connection -> transaction(connection, () -> writer.all(connection, groups)))
                        .future();
        return written.recover(
                thrown -> SqlFailures.refused(thrown) ? isolate(groups, rejected) : Future.failedFuture(thrown));
    }

    /** Serialization failures and deadlocks: the same once more, after a short, growing, random pause. */
    private Future<Void> repeated(int attempt, Supplier<Future<Void>> write) {
        return write.get().recover(thrown -> {
            if (attempt >= ATTEMPTS || !SqlFailures.again(thrown)) {
                return Future.failedFuture(thrown);
            }
            long pause = 1 + ThreadLocalRandom.current().nextLong(5L << attempt);
            return vertx.timer(pause, TimeUnit.MILLISECONDS).compose(done -> repeated(attempt + 1, write));
        });
    }

    private static Future<Void> transaction(PgConnection connection, Supplier<Future<Void>> work) {
        return RowWriter.run(connection, "BEGIN")
                .compose(begun -> work.get())
                .compose(done -> RowWriter.run(connection, "COMMIT"))
                .recover(thrown ->
                        RowWriter.run(connection, "ROLLBACK").transform(rolledBack -> Future.failedFuture(thrown)));
    }

    private Future<Void> isolate(Map<BitSet, List<NewRow>> groups, Map<Integer, Failure> rejected) {
        Map<Integer, Failure> bad = new ConcurrentHashMap<>();
        return lanes.alone(connection -> transaction(connection, () -> writer.isolate(connection, groups, bad)))
                .future()
                .onSuccess(committed -> rejected.putAll(bad));
    }
}
