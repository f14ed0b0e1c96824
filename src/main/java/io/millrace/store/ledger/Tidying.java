package io.millrace.store.ledger;

import io.vertx.core.Future;

/** Removes what nobody will ask for, a part at a time. */
final class Tidying {
    private static final String KEPT = """
            DELETE FROM millrace.keep WHERE ctid = ANY (ARRAY (
                SELECT ctid FROM millrace.keep WHERE until < now() LIMIT 10000 FOR UPDATE SKIP LOCKED))""";

    /** Of runs that were cancelled. */
    private static final String QUEUED = """
            DELETE FROM millrace.queue WHERE ctid = ANY (ARRAY (
                SELECT q.ctid FROM millrace.run r CROSS JOIN LATERAL (
                    SELECT ctid FROM millrace.queue WHERE run = r.run LIMIT 50000 FOR UPDATE SKIP LOCKED) q
                WHERE r.state = 'CANCELLED' LIMIT 50000))""";

    private static final String SEEN = """
            DELETE FROM millrace.seen WHERE ctid = ANY (ARRAY (
                SELECT s.ctid FROM millrace.run r CROSS JOIN LATERAL (
                    SELECT ctid FROM millrace.seen WHERE run = r.run LIMIT 50000) s
                WHERE r.state = 'CANCELLED' LIMIT 50000))""";

    private Tidying() {}

    static Future<Void> of(Line line) {
        return line.script(KEPT)
                .compose(done -> line.script(QUEUED))
                .compose(done -> line.script(SEEN))
                .mapEmpty();
    }
}
