package io.millrace.store.ledger;

import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Enqueued;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.store.ledger.Commits.Held;
import io.millrace.store.ledger.Settled.Origin;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of queues, as a commit writes them: each statement takes all of its rows as arrays. */
final class Rows {
    /** Rows with keys become visible in the order of their ids: who claims them relies on it. */
    static final String IN_ORDER =
            "SELECT pg_advisory_xact_lock(hashtextextended('millrace queue ' || $1 || ' ' || $2, 0))";

    private static final String ENQUEUE = """
            INSERT INTO millrace.queue (run, stage, state, bucket, not_before, meta, doc)
            SELECT $1, stage, CASE WHEN delay > 0 THEN 'w' ELSE 'r' END, bucket,
                CASE WHEN delay > 0 THEN clock_timestamp() + delay * interval '1 ms' END, meta, doc
            FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bytea[], $6::bytea[]) AS t (stage, bucket, delay, meta, doc)""";

    private static final String ENQUEUE_UNIQUE = """
            WITH t AS MATERIALIZED (
                SELECT * FROM unnest($3::text[], $4::int[], $5::bigint[], $6::bytea[], $7::bytea[], $8::uuid[], $9::bigint[])
                    WITH ORDINALITY AS t (stage, bucket, delay, meta, doc, h, keep, place)),
            s AS (
                INSERT INTO millrace.seen (run, stage, h)
                SELECT $1, stage, h FROM t
                WHERE keep IS NULL OR NOT EXISTS (SELECT FROM millrace.keep k
                    WHERE k.flow = $2 AND k.stage = t.stage AND k.h = t.h AND k.until > clock_timestamp())
                ORDER BY stage, h
                ON CONFLICT DO NOTHING RETURNING stage, h),
            q AS (
                INSERT INTO millrace.queue (run, stage, state, bucket, not_before, meta, doc, h, keep)
                SELECT $1, stage, CASE WHEN delay > 0 THEN 'w' ELSE 'r' END, bucket,
                    CASE WHEN delay > 0 THEN clock_timestamp() + delay * interval '1 ms' END, meta, doc, h, keep
                FROM t JOIN s USING (stage, h) ORDER BY place RETURNING stage)
            SELECT stage, count(*)::int FROM q GROUP BY stage""";

    /** The hold is asked for in a way that no index serves: that of claimed rows holds all that were ever claimed, while a transaction is held open somewhere. */
    private static final String DONE =
            "DELETE FROM millrace.queue WHERE run = $1 AND stage = $2 AND id = ANY ($3) AND hold + 0 = $4";

    private static final String DEAD = """
            INSERT INTO millrace.dead (run, stage, error, meta, doc, bucket, h, keep)
            SELECT $1, stage, error::json, meta::json, doc, bucket, h, keep
            FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::int[], $7::uuid[], $8::bigint[])
                AS t (stage, error, meta, doc, bucket, h, keep)""";

    private static final String KEEP = """
            INSERT INTO millrace.keep (flow, stage, h, until)
            SELECT $1, stage, h, clock_timestamp() + keep * interval '1 ms'
            FROM unnest($2::text[], $3::uuid[], $4::bigint[]) AS t (stage, h, keep) ORDER BY stage, h
            ON CONFLICT (flow, stage, h) DO UPDATE SET until = EXCLUDED.until""";

    private record Value(String stage, UUID h) {}

    private final Line line;
    private final Held held;
    private final Map<String, Integer> known = new TreeMap<>();

    Rows(Line line, Held held) {
        this.line = line;
        this.held = held;
    }

    Map<String, Integer> known() {
        return Map.copyOf(known);
    }

    List<Future<?>> enqueue(List<Enqueued> wanted) {
        List<Future<?>> sent = new ArrayList<>();
        wanted.stream()
                .filter(row -> row.bucket() != Enqueued.NO_KEY)
                .map(Enqueued::stage)
                .distinct()
                .sorted()
                .forEach(stage -> sent.add(line.run(IN_ORDER, Long.toString(held.run()), stage)));
        List<Enqueued> plain =
                wanted.stream().filter(row -> row.unique() == null).toList();
        if (!plain.isEmpty()) {
            sent.add(line.run(
                    ENQUEUE,
                    held.run(),
                    strings(plain, Enqueued::stage),
                    plain.stream().map(Enqueued::bucket).toArray(Integer[]::new),
                    longs(plain, row -> row.delay().toMillis()),
                    buffers(plain, row -> Json.bytes(row.meta())),
                    buffers(plain, row -> Json.bytes(row.document()))));
        }
        if (plain.size() < wanted.size()) {
            sent.add(enqueueUnique(wanted));
        }
        return sent;
    }

    private Future<?> enqueueUnique(List<Enqueued> wanted) {
        Map<Value, Enqueued> first = new LinkedHashMap<>();
        for (Enqueued row : wanted) {
            if (row.unique() != null && first.putIfAbsent(new Value(row.stage(), row.unique()), row) != null) {
                known.merge(row.stage(), 1, Integer::sum);
            }
        }
        Collection<Enqueued> rows = first.values();
        rows.forEach(row -> known.merge(row.stage(), 1, Integer::sum));
        return line.run(
                        ENQUEUE_UNIQUE,
                        held.run(),
                        held.flow(),
                        strings(rows, Enqueued::stage),
                        rows.stream().map(Enqueued::bucket).toArray(Integer[]::new),
                        longs(rows, row -> row.delay().toMillis()),
                        buffers(rows, row -> Json.bytes(row.meta())),
                        buffers(rows, row -> Json.bytes(row.document())),
                        rows.stream().map(Enqueued::unique).toArray(UUID[]::new),
                        longs(
                                rows,
                                row -> row.keep() == null ? null : row.keep().toMillis()))
                .onSuccess(this::subtract);
    }

    private void subtract(RowSet<Row> inserted) {
        for (Row row : inserted) {
            known.merge(row.getString(0), -row.getInteger(1), Integer::sum);
        }
        known.values().removeIf(count -> count == 0);
    }

    /** Fails unless all were claimed by us. */
    Future<?> done(List<Long> ids, Settled settled) {
        Map<String, List<Long>> byStage = settled.rows().entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getValue().stage(),
                        TreeMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        List<Future<Integer>> deleted = new ArrayList<>();
        byStage.forEach((stage, of) -> deleted.add(
                line.run(DONE, held.run(), stage, of.stream().sorted().toArray(Long[]::new), held.hold())
                        .map(rows -> rows.rowCount())));
        return Attempt.all(deleted).compose(all -> {
            int short_ = ids.size() - deleted.stream().mapToInt(Future::result).sum();
            return short_ == 0
                    ? Future.succeededFuture()
                    : Future.failedFuture(Failure.of(
                            Kind.REJECTED, short_ + " of the claimed rows are not this process's any more."));
        });
    }

    Optional<Future<?>> dead(List<DeadLetter> letters, Settled settled) {
        if (letters.isEmpty()) {
            return Optional.empty();
        }
        List<Optional<Origin>> origins = letters.stream()
                .map(letter -> Optional.ofNullable(settled.origin(letter)))
                .toList();
        return Optional.of(line.run(
                DEAD,
                held.run(),
                strings(letters, DeadLetter::stage),
                strings(letters, letter -> Json.text(letter.error())),
                strings(letters, letter -> Json.text(letter.meta())),
                buffers(letters, letter -> Json.bytes(letter.document())),
                origins.stream()
                        .map(origin -> origin.map(Origin::bucket).orElse(Enqueued.NO_KEY))
                        .toArray(Integer[]::new),
                origins.stream()
                        .map(origin -> origin.map(Origin::h).orElse(null))
                        .toArray(UUID[]::new),
                longs(origins, origin -> origin.map(Origin::keep).orElse(null))));
    }

    /** Remembers the values that are to be known to other runs. */
    Optional<Future<?>> keep(Settled settled) {
        List<Origin> kept = settled.rows().values().stream()
                .filter(origin -> origin.h() != null && origin.keep() != null)
                .toList();
        return kept.isEmpty()
                ? Optional.empty()
                : Optional.of(line.run(
                        KEEP,
                        held.flow(),
                        strings(kept, Origin::stage),
                        kept.stream().map(Origin::h).toArray(UUID[]::new),
                        longs(kept, Origin::keep)));
    }

    private static <T> String[] strings(Collection<T> rows, Function<T, String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }

    private static <T> Long[] longs(Collection<T> rows, Function<T, @Nullable Long> column) {
        return rows.stream().map(column).toArray(Long[]::new);
    }

    private static <T> Buffer[] buffers(Collection<T> rows, Function<T, Buffer> column) {
        return rows.stream().map(column).toArray(Buffer[]::new);
    }
}
