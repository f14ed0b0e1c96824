package io.millrace.store.ledger;

import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Progress;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.Saved;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads what is kept. */
final class Saving {
    static final String RUNS = "SELECT run, flow, params, state, exit, began, ended,"
            + " (SELECT count(*) FROM millrace.dead d WHERE d.run = r.run), shape::text,"
            + " (SELECT string_agg(n.host || ', process ' || n.pid, '; ' ORDER BY n.node) FROM millrace.inc i JOIN millrace.node n USING (node) WHERE i.run = r.run"
            + " AND i.live AND n.beat > clock_timestamp() - interval '30 s'), trial::text FROM millrace.run r";

    private final Line line;

    Saving(Line line) {
        this.line = line;
    }

    Future<List<RunSummary>> runs() {
        return line.run(RUNS + " ORDER BY run DESC").map(rows -> each(rows, Saving::summary));
    }

    /** @param starts see {@link Saved} */
    Future<Saved> saved(long run, int starts) {
        Future<RowSet<Row>> head = line.run(RUNS + " WHERE run = $1", run);
        Future<List<Progress>> progress = line.run(
                        "SELECT stage, part, fingerprint::text, seq, last, pending, ended FROM millrace.source"
                                + " WHERE run = $1 ORDER BY stage, part",
                        run)
                .map(rows -> each(rows, Saving::progress));
        Future<List<FileMark>> files = line.run(
                        "SELECT stage, path, host, len, tail_crc, state FROM millrace.file WHERE run = $1 ORDER BY path",
                        run)
                .map(rows -> each(rows, Saving::file));
        Future<List<String>> counts = line.run("SELECT counts::text FROM millrace.inc WHERE run = $1", run)
                .map(rows -> each(rows, row -> row.getString(0)));
        return Future.all(head, progress, files, counts).map(all -> {
            Row row = head.result().iterator().next();
            return new Saved(
                    summary(row),
                    Json.object(row.getString(8)),
                    progress.result(),
                    files.result(),
                    Json.sum(counts.result()),
                    starts,
                    row.getString(10) == null ? null : Json.object(row.getString(10)));
        });
    }

    Future<List<KeptLetter>> letters(long run, long after, int limit) {
        return line.run(
                        "SELECT id, run, at, stage, doc, error::text, meta::text FROM millrace.dead"
                                + " WHERE run = $1 AND id > $2 ORDER BY id LIMIT $3",
                        run,
                        after,
                        limit)
                .map(rows -> each(rows, Saving::letter));
    }

    static RunSummary summary(Row row) {
        OffsetDateTime ended = row.getOffsetDateTime(6);
        return new RunSummary(
                row.getLong(0),
                row.getString(1),
                row.getString(2),
                RunState.valueOf(row.getString(3)),
                row.getInteger(4),
                row.getOffsetDateTime(5).toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getLong(7),
                row.getString(9));
    }

    private static Progress progress(Row row) {
        Buffer last = row.getBuffer(4);
        return new Progress(
                row.getString(0),
                row.getString(1),
                Json.object(row.getString(2)),
                row.getLong(3),
                last == null ? null : Json.node(last),
                Json.ranges(row.getBuffer(5)),
                row.getBoolean(6));
    }

    static FileMark file(Row row) {
        return new FileMark(
                row.getString(0),
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getInteger(4),
                FileMark.State.valueOf(row.getString(5)));
    }

    private static KeptLetter letter(Row row) {
        return new KeptLetter(
                row.getLong(0),
                row.getLong(1),
                row.getOffsetDateTime(2).toInstant(),
                new DeadLetter(
                        row.getString(3),
                        Json.document(row.getBuffer(4)),
                        Json.object(row.getString(5)),
                        Json.object(row.getString(6))));
    }

    private static <T> List<T> each(RowSet<Row> rows, Function<Row, T> read) {
        List<T> all = new ArrayList<>(rows.size());
        rows.forEach(row -> all.add(read.apply(row)));
        return all;
    }
}
