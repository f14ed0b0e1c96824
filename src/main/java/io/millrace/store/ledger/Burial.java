package io.millrace.store.ledger;

import io.vertx.core.Future;
import java.util.List;

/**
 * Ends processes' parts in runs for good, within a transaction. A {@code hold} goes first: that waits for a claim or a move to another incarnation that is under way,
 * and none begins afterwards. Then the incarnations, which waits for a commit that is under way. Whatever is read after that is final, and what the
 * processes still send changes nothing.
 */
final class Burial {
    private static final String HOLDS = "DELETE FROM millrace.hold WHERE hold = ANY ($1)";

    private static final String INCS = "UPDATE millrace.inc SET live = false WHERE hold = ANY ($1) AND live";

    private static final String ROWS = "UPDATE millrace.queue SET state = 'w', not_before = now(), hold = NULL"
            + " WHERE hold = ANY ($1) AND state = 'c'";

    /** A process that leaves in good order has not died of them. */
    private static final String UNDONE = "UPDATE millrace.queue SET state = 'w', not_before = now(), hold = NULL,"
            + " attempt = attempt - 1 WHERE hold = ANY ($1) AND state = 'c'";
    /** Rows with keys are claimed in the order of their ids, whoever had them before, and how often. */
    private static final String IN_ORDER = "UPDATE millrace.queue q SET not_before = now() FROM"
            + " (SELECT DISTINCT run, stage FROM millrace.queue WHERE hold = ANY ($1) AND state = 'c' AND bucket >= 0) k"
            + " WHERE q.run = k.run AND q.stage = k.stage AND q.state = 'w' AND q.bucket >= 0 AND q.not_before <= now()";

    private static final String LEASES = "DELETE FROM millrace.lease WHERE hold = ANY ($1)";

    private static final String BACKENDS = """
            SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a
            WHERE (a.pid, a.backend_start) IN (
                SELECT backend, since FROM millrace.inc WHERE hold = ANY ($1) AND live
                UNION SELECT backend, since FROM millrace.hold WHERE hold = ANY ($1))""";

    private Burial() {}

    static Future<Void> of(Line line, List<Long> holds) {
        if (holds.isEmpty()) {
            return Future.succeededFuture();
        }
        Long[] all = holds.toArray(Long[]::new);
        return line.run(BACKENDS, (Object) all)
                .compose(ended -> line.run(HOLDS, (Object) all))
                .compose(gone -> line.run(INCS, (Object) all))
                .compose(dead -> line.run(LEASES, (Object) all))
                .compose(free -> line.run(IN_ORDER, (Object) all))
                .compose(sorted -> line.run(ROWS, (Object) all))
                .mapEmpty();
    }

    /** What a living process leaves: its incarnation ends itself. */
    static Future<Void> release(Line line, long hold) {
        Long[] one = {hold};
        return line.run(HOLDS, (Object) one)
                .compose(gone -> line.run(LEASES, (Object) one))
                .compose(free -> line.run(IN_ORDER, (Object) one))
                .compose(sorted -> line.run(UNDONE, (Object) one))
                .mapEmpty();
    }
}
