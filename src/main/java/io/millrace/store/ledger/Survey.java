package io.millrace.store.ledger;

import io.millrace.ledger.FileMark;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Progress.Pending;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.RunWork;
import io.millrace.ledger.RunWork.Hand;
import io.millrace.ledger.RunWork.Reading;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Where the unfinished runs stand. All questions go out together, on a line that is for nothing else. */
final class Survey {
    private static final String INCS = "SELECT run, counts::text FROM millrace.inc WHERE run = ANY ($1)";

    private static final String SOURCES = "SELECT run, stage, part, seq, pending, ended FROM millrace.source"
            + " WHERE run = ANY ($1) ORDER BY stage, part";

    private static final String DEAD =
            "SELECT run, stage, count(*) FROM millrace.dead WHERE run = ANY ($1) GROUP BY run, stage";

    private static final String FILES =
            "SELECT stage, path, host, len, tail_crc, state, run FROM millrace.file WHERE run = ANY ($1) AND state = $2 ORDER BY path";

    private static final String HANDS = "SELECT i.run, i.hold, n.host, n.pid,"
            + " extract(epoch FROM clock_timestamp() - n.beat)::float8,"
            + " (SELECT array_agg(l.kind || ' ' || l.name ORDER BY l.kind, l.name) FROM millrace.lease l WHERE l.hold = i.hold)"
            + " FROM millrace.inc i JOIN millrace.node n USING (node) WHERE i.live AND i.run = ANY ($1) ORDER BY n.node";

    private static final String CLAIMED = """
            SELECT q.hold, q.stage, count(*) FROM millrace.queue q
            WHERE q.state = 'c' AND q.hold IN (SELECT hold FROM millrace.inc WHERE live AND run = ANY ($1)) GROUP BY q.hold, q.stage""";

    private static final String LATER = """
            SELECT count(*) FROM (SELECT FROM millrace.queue
                WHERE run = $1 AND stage = $2 AND state = 'w' AND not_before > clock_timestamp() LIMIT $3) few""";

    private final Line line;

    Survey(Line line) {
        this.line = line;
    }

    Future<List<RunWork>> all() {
        return line.script(Desk.PLANS)
                .compose(tuned -> line.atOnce(
                        () -> line.run(Saving.RUNS + " WHERE state = $1 ORDER BY run DESC", RunState.UNFINISHED.name())
                                .compose(this::of)));
    }

    private Future<List<RunWork>> of(RowSet<Row> unfinished) {
        List<RunSummary> runs = new ArrayList<>();
        unfinished.forEach(row -> runs.add(Saving.summary(row)));
        Long[] ids = runs.stream().map(RunSummary::id).toArray(Long[]::new);
        Future<Map<Long, List<String>>> counts = by(INCS, row -> row.getString(1), ids);
        Future<Map<Long, List<Reading>>> sources = by(SOURCES, Survey::reading, ids);
        Future<Map<Long, List<Row>>> dead = by(DEAD, row -> row, ids);
        Future<RowSet<Row>> files = line.run(FILES, ids, FileMark.State.PART.name());
        Future<RowSet<Row>> hands = line.run(HANDS, (Object) ids);
        Future<Map<Long, List<Row>>> claimed = by(CLAIMED, row -> row, ids);
        Map<Long, Map<String, RunWork.Rows>> queues = new HashMap<>();
        return Future.all(List.of(counts, sources, dead, files, hands, claimed))
                .compose(answered -> queues(runs, queues))
                .map(done -> runs.stream()
                        .map(run -> new RunWork(
                                run,
                                Json.sum(of(run, counts.result())),
                                of(run, sources.result()),
                                queues.getOrDefault(run.id(), Map.of()),
                                numbers(of(run, dead.result())),
                                files(run, files.result()),
                                hands(run, hands.result(), claimed.result())))
                        .toList());
    }

    private static <T> List<T> of(RunSummary run, Map<Long, List<T>> all) {
        return all.getOrDefault(run.id(), List.of());
    }

    /** What the rows tell, by their first column. */
    private <T> Future<Map<Long, List<T>>> by(String question, Function<Row, T> read, Long[] runs) {
        return line.run(question, (Object) runs).map(rows -> {
            Map<Long, List<T>> all = new HashMap<>();
            rows.forEach(row -> all.computeIfAbsent(row.getLong(0), absent -> new ArrayList<>())
                    .add(read.apply(row)));
            return all;
        });
    }

    private static Reading reading(Row row) {
        long open =
                Json.ranges(row.getBuffer(4)).stream().mapToLong(Pending::count).sum();
        return new Reading(row.getString(1), row.getString(2), row.getLong(3), open, row.getBoolean(5));
    }

    private static Map<String, Long> numbers(List<Row> rows) {
        Map<String, Long> numbers = new TreeMap<>();
        rows.forEach(row -> numbers.put(row.getString(1), row.getLong(2)));
        return numbers;
    }

    private static List<FileMark> files(RunSummary run, RowSet<Row> rows) {
        List<FileMark> files = new ArrayList<>();
        for (Row row : rows) {
            if (row.getLong(6) == run.id()) {
                files.add(Saving.file(row));
            }
        }
        return files;
    }

    private static List<Hand> hands(RunSummary run, RowSet<Row> rows, Map<Long, List<Row>> claimed) {
        List<Hand> hands = new ArrayList<>();
        for (Row row : rows) {
            if (row.getLong(0) == run.id()) {
                String[] leases = row.getArrayOfStrings(5);
                hands.add(new Hand(
                        row.getString(2),
                        row.getLong(3),
                        Members.silence(row.getDouble(4)),
                        leases == null ? List.of() : List.of(leases),
                        numbers(claimed.getOrDefault(row.getLong(1), List.of()))));
            }
        }
        return hands;
    }

    private Future<Void> queues(List<RunSummary> runs, Map<Long, Map<String, RunWork.Rows>> into) {
        Future<Void> all = Future.succeededFuture();
        for (RunSummary run : runs) {
            all = all.compose(before -> new Backlog(run.id()).sizes(line))
                    .compose(sizes -> queues(run.id(), sizes, into));
        }
        return all;
    }

    private Future<Void> queues(long run, Map<String, Long> sizes, Map<Long, Map<String, RunWork.Rows>> into) {
        List<Future<?>> all = new ArrayList<>();
        sizes.forEach((stage, size) -> all.add(line.run(LATER, run, stage, LedgerRun.COUNTED)
                .onSuccess(rows -> into.computeIfAbsent(run, absent -> new TreeMap<>())
                        .put(
                                stage,
                                new RunWork.Rows(size, rows.iterator().next().getLong(0))))));
        return Attempt.all(all);
    }
}
