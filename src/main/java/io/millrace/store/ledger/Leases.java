package io.millrace.store.ledger;

import io.millrace.ledger.FencedException;
import io.millrace.ledger.Lease;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What one process at a time has in a run. */
final class Leases {
    private static final String TAKE = Desk.FENCE + """
            , i AS (
                INSERT INTO millrace.lease (run, kind, name, hold)
                SELECT $3, $4, name, $1 FROM f, unnest($5::text[]) AS t (name) ORDER BY name
                ON CONFLICT DO NOTHING RETURNING name)
            SELECT mine.name, (SELECT hold FROM f) AS held FROM (SELECT 1) one LEFT JOIN (
                SELECT name FROM i UNION SELECT name FROM millrace.lease
                WHERE run = $3 AND kind = $4 AND name = ANY ($5) AND hold = $1) mine ON true""";

    /** Any places of so many, and those that are ours already. */
    private static final String TAKE_ANY = Desk.FENCE + """
            , i AS (
                INSERT INTO millrace.lease (run, kind, name, hold)
                SELECT $3, $4, n, $1 FROM f, unnest($5::text[]) AS t (n)
                WHERE NOT EXISTS (SELECT FROM millrace.lease l WHERE l.run = $3 AND l.kind = $4 AND l.name = n)
                ORDER BY random() LIMIT $6
                ON CONFLICT DO NOTHING RETURNING name)
            SELECT mine.name, (SELECT hold FROM f) AS held FROM (SELECT 1) one LEFT JOIN (
                SELECT name FROM i UNION SELECT name FROM millrace.lease
                WHERE run = $3 AND kind = $4 AND name = ANY ($5) AND hold = $1) mine ON true""";

    private static final String RELEASE = Desk.FENCE + """
            , d AS (
                DELETE FROM millrace.lease l USING f
                WHERE l.run = $3 AND l.kind = $4 AND l.name = ANY ($5) AND l.hold = $1)
            SELECT hold FROM f""";

    private static final String ALL =
            "SELECT kind, name, hold = $2 FROM millrace.lease WHERE run = $1 ORDER BY kind, name";

    private final long run;
    private final long hold;

    Leases(long run, long hold) {
        this.run = run;
        this.hold = hold;
    }

    Desk.Write<Set<String>> take(String kind, Collection<String> names) {
        return (line, no, again) -> line.run(TAKE, hold, no, run, kind, names.toArray(String[]::new))
                .compose(Leases::names);
    }

    /** Takes places, at most so many; yields all of these names that are ours now. */
    Desk.Write<Set<String>> takeAny(String kind, Collection<String> names, int most) {
        return (line, no, again) -> line.run(TAKE_ANY, hold, no, run, kind, names.toArray(String[]::new), (long) most)
                .compose(Leases::names);
    }

    Desk.Write<Void> release(String kind, Collection<String> names) {
        return (line, no, again) -> line.run(RELEASE, hold, no, run, kind, names.toArray(String[]::new))
                .compose(Desk::unlessFenced)
                .mapEmpty();
    }

    Future<List<Lease>> all(Line line) {
        return line.run(ALL, run, hold).map(rows -> {
            List<Lease> all = new ArrayList<>();
            rows.forEach(row -> all.add(new Lease(row.getString(0), row.getString(1), row.getBoolean(2))));
            return all;
        });
    }

    private static Future<Set<String>> names(RowSet<Row> rows) {
        Set<String> names = new TreeSet<>();
        for (Row row : rows) {
            if (row.getLong(1) == null) {
                return Future.failedFuture(new FencedException());
            }
            if (row.getString(0) != null) {
                names.add(row.getString(0));
            }
        }
        return Future.succeededFuture(names);
    }
}
