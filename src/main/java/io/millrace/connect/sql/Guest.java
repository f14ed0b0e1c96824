package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes rows in a transaction that the store has begun, on its connection.
 *
 * <p><b>Whether it may.</b> Addresses tell nothing: a server has many names, and a copy of a database holds the ids of the original. So the transaction
 * takes an advisory lock, which lives in one database of one server, and our own connection sees whether it is taken there.
 * Beyond that the user has to be the same, or rows would be written with other rights, and the table's name has to mean the same table.
 *
 * <p><b>Session.</b> What our own sessions set ({@code search_path} of the address, UTC, ISO dates) decides how names and texts are
 * read, so it is set in the transaction too, until its end.
 */
final class Guest {
    private static final List<String> SETTINGS = List.of("search_path", "TimeZone", "DateStyle", "IntervalStyle");
    private static final String OURS = "SELECT current_setting('search_path'), current_setting('TimeZone'),"
            + " current_setting('DateStyle'), current_setting('IntervalStyle')";
    private static final String ADOPT = "SELECT set_config('search_path', $1, true), set_config('TimeZone', $2, true),"
            + " set_config('DateStyle', $3, true), set_config('IntervalStyle', $4, true)";
    private static final String WHO = "SELECT current_user::text, session_user::text, to_regclass($1)::oid::bigint";
    private static final String LOCK = "SELECT pg_advisory_xact_lock($1)";
    private static final String IS_LOCKED = "SELECT NOT pg_try_advisory_xact_lock($1)";

    private final Lanes lanes;
    private final Target target;
    private final RowWriter writer;
    private Tuple session = Tuple.tuple();

    Guest(Lanes lanes, Target target, RowWriter writer) {
        this.lanes = lanes;
        this.target = target;
        this.writer = writer;
    }

    Future<Boolean> joins(SqlConnection host) {
        long key = ThreadLocalRandom.current().nextLong();
        return ours(OURS, Tuple.tuple())
                .compose(settings -> adopt(host, settings))
                .compose(adopted -> ask(host, LOCK, Tuple.of(key)))
                .compose(locked -> ours(IS_LOCKED, Tuple.of(key)))
                .compose(locked -> locked.getBoolean(0) ? isSame(host) : Future.succeededFuture(false));
    }

    private Future<Void> adopt(SqlConnection host, Row settings) {
        Tuple values = Tuple.tuple();
        for (int i = 0; i < SETTINGS.size(); i++) {
            values.addString(settings.getString(i));
        }
        session = values;
        return ask(host, ADOPT, values).mapEmpty();
    }

    private Future<Boolean> isSame(SqlConnection host) {
        Tuple table = Tuple.of(target.table());
        return ours(WHO, table).compose(here -> ask(host, WHO, table).map(there -> same(here, there)));
    }

    private static boolean same(Row here, Row there) {
        return here.getString(0).equals(there.getString(0))
                && here.getString(1).equals(there.getString(1))
                && here.getLong(2) != null
                && here.getLong(2).equals(there.getLong(2));
    }

    private Future<Row> ours(String sql, Tuple parameters) {
        return Rehome.here(
                lanes.shared(connection -> ask(connection, sql, parameters)).future());
    }

    private static Future<Row> ask(SqlConnection connection, String sql, Tuple parameters) {
        return connection
                .preparedQuery(sql)
                .execute(parameters)
                .map(rows -> rows.iterator().next());
    }

    /** Writes the rows; those that the server refuses are put into the map. */
    Future<Void> write(SqlConnection host, List<NewRow> rows, Map<Integer, Failure> bad) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<BitSet, List<NewRow>> groups = RowReader.byColumns(rows);
        return together(host, groups)
                .recover(thrown -> SqlFailures.refused(thrown)
                        ? back(host).compose(done -> writer.isolate(host, groups, bad))
                        : Future.failedFuture(thrown))
                .recover(thrown -> Future.failedFuture(explained(thrown)));
    }

    /** All in one round trip. */
    private Future<Void> together(SqlConnection host, Map<BitSet, List<NewRow>> groups) {
        return RowWriter.first(List.of(
                host.preparedQuery(ADOPT).execute(session).mapEmpty(),
                RowWriter.run(host, "SAVEPOINT guest"),
                writer.all(host, groups),
                RowWriter.immediate(host),
                RowWriter.run(host, "RELEASE guest")));
    }

    private static Future<Void> back(SqlConnection host) {
        return RowWriter.run(host, "ROLLBACK TO guest; RELEASE guest");
    }

    /** What another try may mend is left as it is: whose transaction it is knows what to do. */
    private Throwable explained(Throwable thrown) {
        boolean ours = thrown instanceof PgException && !SqlFailures.of(thrown).retryable();
        return ours && !SqlFailures.again(thrown) ? writer.failure(thrown) : thrown;
    }
}
