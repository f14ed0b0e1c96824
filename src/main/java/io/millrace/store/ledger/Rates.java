package io.millrace.store.ledger;

import io.millrace.ledger.Permits.Reserved;
import io.millrace.ledger.Permits.Wanted;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Rates that all processes share. A permit is a moment, one each {@code every}; a row holds the next moment that is free. Moments that have passed unused are free as
 * far as the burst goes. A process takes some at once, half a second's worth at the most, for each asking costs a round trip; what it does not use is lost.
 */
final class Rates {
    private static final double MOST_MS = 500;

    private static final String RESERVE = """
            INSERT INTO millrace.rate AS r (run, name, key, next)
            VALUES ($1, $2, $3, now() + ($4::float8 - $5::float8) * interval '1 ms')
            ON CONFLICT (run, name, key) DO UPDATE
                SET next = greatest(r.next + $4::float8 * interval '1 ms', EXCLUDED.next)
            RETURNING (extract(epoch FROM next - now()) * 1e3)::float8 - $4::float8""";

    private final long run;

    Rates(long run) {
        this.run = run;
    }

    Future<List<Reserved>> reserve(Line line, List<Wanted> wanted) {
        if (wanted.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return line.connection()
                .preparedQuery(RESERVE)
                .executeBatch(wanted.stream().map(this::row).toList())
                .map(rows -> reserved(wanted, rows));
    }

    private Tuple row(Wanted wanted) {
        double every = millis(wanted);
        return Tuple.of(run, wanted.name(), wanted.key())
                .addDouble(count(wanted) * every)
                .addDouble((wanted.burst() - 1) * every);
    }

    private static List<Reserved> reserved(List<Wanted> wanted, RowSet<Row> rows) {
        List<Reserved> all = new ArrayList<>(wanted.size());
        RowSet<Row> each = rows;
        for (Wanted want : wanted) {
            double after = each.iterator().next().getDouble(0);
            all.add(new Reserved(Duration.ofNanos(Math.round(after * 1e6)), want.every(), count(want)));
            each = each.next();
        }
        return all;
    }

    private static int count(Wanted wanted) {
        double most = Math.max(wanted.burst(), MOST_MS / millis(wanted));
        return (int) Math.max(1, Math.min(wanted.count(), most));
    }

    private static double millis(Wanted wanted) {
        return wanted.every().toNanos() / 1e6;
    }
}
