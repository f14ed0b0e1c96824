package io.millrace.store.ledger;

import io.millrace.ledger.Ending;
import io.millrace.ledger.LedgerRun;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is left to do in a run. */
final class Backlog {
    private static final int SHARE = 20;
    private static final long CHEAP_NS = 20_000_000;

    /** The stages are found one by one, each by a look into the index; of their rows not all are counted. */
    private static final String SIZES = """
            WITH RECURSIVE s (stage) AS (
                (SELECT stage FROM millrace.queue WHERE run = $1 ORDER BY stage LIMIT 1)
                UNION ALL
                SELECT (SELECT q.stage FROM millrace.queue q WHERE q.run = $1 AND q.stage > s.stage
                        ORDER BY q.stage LIMIT 1)
                FROM s WHERE s.stage IS NOT NULL)
            SELECT s.stage, (SELECT count(*) FROM (
                SELECT FROM millrace.queue q WHERE q.run = $1 AND q.stage = s.stage LIMIT $2) few)
            FROM s WHERE s.stage IS NOT NULL""";

    /** As the planner reckons. */
    private static final String ESTIMATE = "EXPLAIN SELECT 1 FROM millrace.queue WHERE run = %d AND stage = '%s'";

    private static final String SPAN =
            "SELECT coalesce(max(id) - min(id) + 1, 0) FROM millrace.queue WHERE run = $1 AND stage = $2";

    private static final Pattern ROWS = Pattern.compile("rows=(\\d+)");

    /** One snapshot: children enter a queue as their parent leaves it. */
    private static final String ENDED = """
            SELECT NOT EXISTS (SELECT FROM millrace.queue WHERE run = $1)
                AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS t (stage) WHERE NOT EXISTS (
                    SELECT FROM millrace.source s WHERE s.run = $1 AND s.stage = t.stage))
                AND NOT EXISTS (SELECT FROM millrace.source s WHERE s.run = $1 AND s.stage = ANY ($2)
                    AND NOT (s.ended AND s.pending = $3))""";

    /** One snapshot as well. */
    private static final String DONE = """
            SELECT NOT EXISTS (SELECT FROM unnest($4::text[]) AS t (stage) WHERE EXISTS (
                    SELECT FROM millrace.queue q WHERE q.run = $1 AND q.stage = t.stage))
                AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS t (stage) WHERE NOT EXISTS (
                    SELECT FROM millrace.source s WHERE s.run = $1 AND s.stage = t.stage))
                AND NOT EXISTS (SELECT FROM millrace.source s WHERE s.run = $1 AND s.stage = ANY ($2)
                    AND NOT (s.ended AND s.pending = $3))""";

    /** In two looks, each into an index that holds such rows only. */
    private static final String DRY = """
            SELECT NOT EXISTS (SELECT FROM millrace.queue WHERE run = $1 AND stage = $2 AND state = 'r'
                    AND ($3::int[] IS NULL OR bucket < 0 OR bucket = ANY ($3)))
                AND NOT EXISTS (SELECT FROM millrace.queue WHERE run = $1 AND stage = $2 AND state = 'w'
                    AND ($3::int[] IS NULL OR bucket < 0 OR bucket = ANY ($3)))""";

    private final long run;
    private Map<String, Long> last = Map.of();
    private long due = Long.MIN_VALUE;

    Backlog(long run) {
        this.run = run;
    }

    /** Where rows that are gone lie in the way of counting, it is not done often. */
    Future<Map<String, Long>> sizes(Line line) {
        long began = System.nanoTime();
        if (!last.isEmpty() && began < due) {
            return Future.succeededFuture(last);
        }
        Map<String, Long> sizes = new TreeMap<>();
        return line.run(SIZES, run, LedgerRun.COUNTED + 1)
                .compose(rows -> sizes(line, rows, sizes))
                .onSuccess(all -> remember(all, began));
    }

    private Future<Map<String, Long>> sizes(Line line, RowSet<Row> rows, Map<String, Long> sizes) {
        List<Future<?>> all = new ArrayList<>();
        for (Row row : rows) {
            String stage = row.getString(0);
            sizes.put(stage, row.getLong(1));
            if (row.getLong(1) > LedgerRun.COUNTED) {
                all.add(estimate(line, stage).onSuccess(many -> sizes.put(stage, many)));
            }
        }
        return Attempt.all(all).map(done -> sizes);
    }

    private void remember(Map<String, Long> sizes, long began) {
        long now = System.nanoTime();
        last = Map.copyOf(sizes);
        due = now - began < CHEAP_NS ? now : now + SHARE * (now - began);
    }

    /** A planner that thinks of fewer than were counted has no statistics yet: then the ids tell how many there can be. */
    private Future<Long> estimate(Line line, String stage) {
        return line.script(String.format(ESTIMATE, run, stage.replace("'", "''")))
                .compose(plan -> {
                    Matcher rows = ROWS.matcher(plan.iterator().next().getString(0));
                    long reckoned = rows.find() ? Long.parseLong(rows.group(1)) : 0;
                    return reckoned > LedgerRun.COUNTED
                            ? Future.succeededFuture(reckoned)
                            : line.run(SPAN, run, stage)
                                    .map(span -> Math.max(
                                            LedgerRun.COUNTED + 1,
                                            span.iterator().next().getLong(0)));
                });
    }

    Future<Boolean> isDry(Line line, String stage, @Nullable Set<Integer> buckets) {
        return line.run(DRY, run, stage, buckets == null ? null : buckets.toArray(Integer[]::new))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    Future<Boolean> isDone(Line line, Set<String> sources, Set<String> stages) {
        return line.run(
                        DONE,
                        run,
                        sources.toArray(String[]::new),
                        Json.ranges(List.of()),
                        stages.toArray(String[]::new))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    Future<Ending> ending(Line line, Set<String> sources) {
        return line.run(ENDED, run, sources.toArray(String[]::new), Json.ranges(List.of()))
                .map(rows -> rows.iterator().next().getBoolean(0) ? Ending.SEALING : Ending.GOES_ON);
    }
}
