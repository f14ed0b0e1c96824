package io.millrace.store.ledger;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;

/** Sends dead letters back to the queues of their stages, in one transaction. */
final class Replaying {
    /** Who closes one of these runs meanwhile finds the rows, or is found. */
    private static final String LOCK = """
            SELECT run FROM millrace.run WHERE state <> 'CANCELLED'
                AND run IN (SELECT run FROM millrace.dead WHERE id = ANY ($1)) ORDER BY run FOR UPDATE""";

    private static final String KEYED = "SELECT DISTINCT run, stage FROM millrace.dead"
            + " WHERE id = ANY ($1) AND run = ANY ($2) AND bucket >= 0 ORDER BY run, stage";

    private static final String MOVE = """
            WITH d AS (DELETE FROM millrace.dead WHERE id = ANY ($1) AND run = ANY ($2) RETURNING *)
            INSERT INTO millrace.queue (run, stage, state, bucket, h, keep, meta, doc)
            SELECT run, stage, 'r', bucket, h, keep, convert_to(meta::text, 'UTF8'), doc FROM d ORDER BY id""";

    private static final String OPEN =
            "UPDATE millrace.run SET state = 'UNFINISHED', exit = 0, ended = NULL WHERE run = ANY ($1) AND state = 'FINISHED'";

    private final Line line;

    Replaying(Line line) {
        this.line = line;
    }

    Future<Integer> of(List<Long> letters) {
        Long[] ids = letters.toArray(Long[]::new);
        return line.transaction(() -> line.run(LOCK, (Object) ids).compose(rows -> {
            Long[] runs = runs(rows);
            return line.run(KEYED, ids, runs)
                    .compose(this::inOrder)
                    .compose(locked -> line.run(MOVE, ids, runs))
                    .compose(moved -> line.run(OPEN, (Object) runs).map(moved.rowCount()));
        }));
    }

    private Future<Void> inOrder(RowSet<Row> stages) {
        Future<?> all = Future.succeededFuture();
        for (Row row : stages) {
            all = all.compose(before -> line.run(Rows.IN_ORDER, Long.toString(row.getLong(0)), row.getString(1)));
        }
        return all.mapEmpty();
    }

    private static Long[] runs(RowSet<Row> rows) {
        Long[] runs = new Long[rows.size()];
        int i = 0;
        for (Row row : rows) {
            runs[i++] = row.getLong(0);
        }
        return runs;
    }
}
