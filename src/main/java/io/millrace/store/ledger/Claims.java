package io.millrace.store.ledger;

import io.millrace.ledger.Claimed;
import io.millrace.ledger.FencedException;
import io.millrace.ledger.GivenBack;
import io.millrace.store.ledger.Settled.Origin;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of queues that a process has claimed of a run, and claims of more. To be used at the run's home.
 *
 * <p>Rows are found in two places: those that wait for a moment or were given back, and all others by id, from where the last claim ended, see {@link Cursor}. They
 * are updated by their place on the disk: the planner, which cannot know how many there will be, might else read the whole queue.
 */
final class Claims {
    private static final String CLAIM = Desk.FENCE + """
            , w AS MATERIALIZED (
                SELECT q.ctid AS place FROM millrace.queue q
                WHERE q.run = $3 AND q.stage = $4 AND q.state = 'w' AND q.not_before > $7 AND q.not_before <= now()
                    AND ($6::int[] IS NULL OR q.bucket < 0 OR q.bucket = ANY ($6)) AND EXISTS (SELECT FROM f)
                ORDER BY q.not_before, q.id LIMIT $5 FOR UPDATE SKIP LOCKED),
            r AS MATERIALIZED (
                SELECT q.ctid AS place FROM millrace.queue q
                WHERE q.run = $3 AND q.stage = $4 AND q.state = 'r' AND q.id > $8
                    AND ($6::int[] IS NULL OR q.bucket < 0 OR q.bucket = ANY ($6)) AND EXISTS (SELECT FROM f)
                ORDER BY q.id LIMIT greatest(0, $5 - (SELECT count(*) FROM w)) FOR UPDATE SKIP LOCKED),
            c AS (
                UPDATE millrace.queue q SET state = 'c', hold = $1, attempt = attempt + 1
                WHERE q.ctid = ANY (ARRAY (SELECT place FROM w UNION ALL SELECT place FROM r))
                RETURNING q.id, q.stage, q.attempt, q.bucket::int, q.doc, q.meta, q.not_before, q.h, q.keep)
            SELECT c.*, (SELECT hold FROM f) AS held, now() AS at FROM (SELECT 1) one LEFT JOIN c ON true""";

    /** What a claim whose answer was lost has brought. */
    private static final String FOUND = Desk.FENCE + """
            , c AS (
                SELECT id, stage, attempt, bucket::int, doc, meta, not_before, h, keep FROM millrace.queue
                WHERE run = $3 AND stage = $4 AND hold = $1 AND state = 'c' AND id <> ALL ($5))
            SELECT c.*, (SELECT hold FROM f) AS held, now() AS at FROM (SELECT 1) one LEFT JOIN c ON true""";

    /** Rows with keys go back to their place by id among those that wait: others of their key must not overtake them. */
    private static final String GIVE_BACK = Desk.FENCE + """
            , k AS (
                SELECT DISTINCT q.stage FROM millrace.queue q, unnest($4::text[], $5::bigint[]) AS t (stage, id)
                WHERE q.run = $3 AND q.stage = t.stage AND q.id = t.id AND q.hold + 0 = $1 AND q.bucket >= 0),
            s AS (
                UPDATE millrace.queue q SET not_before = now() FROM f, k
                WHERE q.run = $3 AND q.stage = k.stage AND q.state = 'w' AND q.bucket >= 0 AND q.not_before <= now()),
            u AS (
                UPDATE millrace.queue q SET state = 'w', hold = NULL,
                    not_before = now() + t.delay * interval '1 ms',
                    attempt = q.attempt - t.uncounted, meta = coalesce(t.meta, q.meta)
                FROM f, unnest($4::text[], $5::bigint[], $6::bigint[], $7::int[], $8::bytea[])
                    AS t (stage, id, delay, uncounted, meta)
                WHERE q.run = $3 AND q.stage = t.stage AND q.id = t.id AND q.hold + 0 = $1)
            SELECT hold FROM f""";

    private static final int STAGE = 1;
    private static final int ATTEMPT = 2;
    private static final int BUCKET = 3;
    private static final int DOCUMENT = 4;
    private static final int META = 5;
    private static final int NOT_BEFORE = 6;
    private static final int H = 7;
    private static final int KEEP = 8;
    private static final int HELD = 9;
    private static final int AT = 10;

    /** Those that waited first. */
    private static final Comparator<Row> ORDER = Comparator.<Row, OffsetDateTime>comparing(
                    row -> row.getOffsetDateTime(NOT_BEFORE), Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(row -> row.getLong(0));

    private final long run;
    private final long hold;
    private final Map<Long, Origin> rows = new HashMap<>();
    private final Map<String, Cursor> cursors = new HashMap<>();

    Claims(long run, long hold) {
        this.run = run;
        this.hold = hold;
    }

    /** Those of these that are ours. */
    Map<Long, Origin> origins(Collection<Long> ids) {
        Map<Long, Origin> found = new TreeMap<>();
        ids.forEach(id -> rows.computeIfPresent(id, (same, origin) -> {
            found.put(same, origin);
            return origin;
        }));
        return found;
    }

    void forget(Collection<Long> ids) {
        ids.forEach(rows::remove);
    }

    /** If an earlier try may have been done, tells what that has brought, and claims nothing. */
    Desk.Write<List<Claimed>> claim(String stage, int limit, @Nullable Set<Integer> buckets) {
        Cursor cursor = cursors.computeIfAbsent(stage, absent -> new Cursor());
        return (line, no, again) -> {
            if (again) {
                return line.run(FOUND, hold, no, run, stage, known(stage))
                        .compose(this::rows)
                        .map(this::take);
            }
            Cursor.Scan scan = cursor.next(buckets, System.nanoTime());
            return line.run(
                            CLAIM,
                            hold,
                            no,
                            run,
                            stage,
                            limit,
                            buckets == null ? null : buckets.toArray(Integer[]::new),
                            scan.since(),
                            scan.above())
                    .compose(this::rows)
                    .onSuccess(found ->
                            cursor.found(scan, ready(found), found.size() < limit, found.waiting() < limit, found.at()))
                    .map(this::take);
        };
    }

    private Long[] known(String stage) {
        return rows.entrySet().stream()
                .filter(entry -> entry.getValue().stage().equals(stage))
                .map(Map.Entry::getKey)
                .toArray(Long[]::new);
    }

    Desk.Write<Void> giveBack(List<GivenBack> back) {
        List<GivenBack> ours =
                back.stream().filter(row -> rows.containsKey(row.id())).toList();
        return (line, no, again) -> line.run(
                        GIVE_BACK,
                        hold,
                        no,
                        run,
                        ours.stream().map(row -> origin(row).stage()).toArray(String[]::new),
                        ours.stream().map(GivenBack::id).toArray(Long[]::new),
                        ours.stream().map(row -> row.delay().toMillis()).toArray(Long[]::new),
                        ours.stream().map(row -> row.attemptCounts() ? 0 : 1).toArray(Integer[]::new),
                        ours.stream()
                                .map(row -> row.meta() == null ? null : Json.bytes(row.meta()))
                                .toArray(Buffer[]::new))
                .compose(Desk::unlessFenced)
                .onSuccess(done -> forget(ours.stream().map(GivenBack::id).toList()))
                .mapEmpty();
    }

    private Origin origin(GivenBack row) {
        return Objects.requireNonNull(rows.get(row.id()));
    }

    /** What was claimed, and when by the server's clock. */
    private record Found(List<Row> rows, OffsetDateTime at) {
        int size() {
            return rows.size();
        }

        /** How many had waited for a moment. */
        long waiting() {
            return rows.stream()
                    .filter(row -> row.getOffsetDateTime(NOT_BEFORE) != null)
                    .count();
        }
    }

    private Future<Found> rows(RowSet<Row> set) {
        List<Row> found = new ArrayList<>(set.size());
        set.forEach(found::add);
        Row first = found.get(0);
        if (first.getLong(HELD) == null) {
            return Future.failedFuture(new FencedException());
        }
        found.removeIf(row -> row.getLong(0) == null);
        found.sort(ORDER);
        return Future.succeededFuture(new Found(found, first.getOffsetDateTime(AT)));
    }

    /** The highest id of those that were found by id; 0 without any. */
    private static long ready(Found found) {
        Row last = found.rows().isEmpty() ? null : found.rows().get(found.size() - 1);
        return last == null || last.getOffsetDateTime(NOT_BEFORE) != null ? 0 : last.getLong(0);
    }

    private List<Claimed> take(Found found) {
        List<Claimed> claimed = new ArrayList<>(found.size());
        for (Row row : found.rows()) {
            rows.put(
                    row.getLong(0),
                    new Origin(
                            row.getString(STAGE).intern(), row.getInteger(BUCKET), row.getUUID(H), row.getLong(KEEP)));
            claimed.add(new Claimed(
                    row.getLong(0),
                    row.getString(STAGE),
                    row.getInteger(ATTEMPT),
                    row.getInteger(BUCKET),
                    Json.document(row.getBuffer(DOCUMENT)),
                    Json.object(row.getBuffer(META))));
        }
        return claimed;
    }
}
