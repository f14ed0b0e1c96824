package io.millrace.store.ledger;

import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Progress;
import io.millrace.ledger.RunState;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.StoreTransaction;
import io.millrace.store.ledger.Commits.Held;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One try of one commit on one line: two round trips and those of the participants; one more if they refused rows or values are to be remembered. All but
 * COMMIT is sent at once; each answer is looked at before COMMIT goes, for a COMMIT of a transaction that failed "succeeds".
 *
 * <p>The future yields what the server said for sure, or nothing if it rolled back for another's sake and the same may be tried again at once. It fails when the
 * fate of the transaction is unknown, or when the store cannot work for now.
 */
final class Attempt implements StoreTransaction {
    private static final String FENCE =
            "UPDATE millrace.inc SET commit_no = $2, counts = coalesce($3::text::json, counts)"
                    + " WHERE inc = $1 AND live AND commit_no = $2 - 1";

    private static final String SOURCE = """
            INSERT INTO millrace.source (run, stage, part, fingerprint, seq, last, pending, ended)
            VALUES ($1, $2, $3, $4::text::json, $5, $6, $7, $8)
            ON CONFLICT (run, stage, part) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, seq = EXCLUDED.seq,
                last = EXCLUDED.last, pending = EXCLUDED.pending, ended = EXCLUDED.ended""";

    private static final String FILE = """
            INSERT INTO millrace.file (run, stage, path, host, len, tail_crc, state) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (run, path) DO UPDATE SET stage = EXCLUDED.stage, host = EXCLUDED.host, len = EXCLUDED.len,
                tail_crc = EXCLUDED.tail_crc, state = EXCLUDED.state""";

    private static final String SHAPE = "UPDATE millrace.run SET shape = $2::text::json WHERE run = $1";

    private static final String TRIAL = "UPDATE millrace.run SET trial = $2::text::json WHERE run = $1";

    /** Deferred constraints speak before COMMIT, which is then all but sure to do what it says. */
    private static final String COMMIT = "SET CONSTRAINTS ALL IMMEDIATE; COMMIT";

    private final Line line;
    private final Held held;
    private final long inc;
    private final long number;
    private final Rows rows;

    Attempt(Line line, Held held, long inc, long number) {
        this.line = line;
        this.held = held;
        this.inc = inc;
        this.number = number;
        this.rows = new Rows(line, held);
    }

    /** Of the rows to be enqueued, so far as the server has told. */
    Map<String, Integer> known() {
        return rows.known();
    }

    Future<Optional<Outcome>> of(Commit commit) {
        Settled settled = new Settled(held.claims().origins(commit.done()));
        Future<RowSet<Row>> begun = line.script("BEGIN");
        Future<RowSet<Row>> fence =
                line.run(FENCE, inc, number, commit.counts() == null ? null : Json.counts(commit.counts()));
        Future<Void> own = all(own(commit, begun, settled));
        List<Future<List<DeadLetter>>> theirs =
                commit.participants().stream().map(this::invite).toList();
        return own.transform(done -> all(theirs).transform(finished -> {
            if (fence.succeeded() && fence.result().rowCount() == 0) {
                return rollBack(Optional.of(new Outcome.Fenced()));
            }
            return fence.failed() ? refuse(fence.cause(), Outcome.NOBODY) : judge(commit, own, theirs, settled);
        }));
    }

    private Future<Optional<Outcome>> judge(
            Commit commit, Future<Void> own, List<Future<List<DeadLetter>>> theirs, Settled settled) {
        if (own.failed()) {
            return refuse(own.cause(), Outcome.NOBODY);
        }
        List<DeadLetter> refused = new ArrayList<>();
        for (int i = 0; i < theirs.size(); i++) {
            if (theirs.get(i).failed()) {
                return refuse(theirs.get(i).cause(), i);
            }
            refused.addAll(theirs.get(i).result());
        }
        List<Future<?>> late = new ArrayList<>();
        rows.dead(refused, settled).ifPresent(late::add);
        rows.keep(settled.without(commit.dead()).without(refused)).ifPresent(late::add);
        return all(late).transform(done -> done.failed() ? doubt(done.cause()) : end());
    }

    private Future<Optional<Outcome>> end() {
        return line.script(COMMIT)
                .transform(done -> done.succeeded()
                        ? Future.succeededFuture(Optional.of(new Outcome.Committed(number, known())))
                        : doubt(done.cause()));
    }

    /** What the server says against it is no doubt. */
    private Future<Optional<Outcome>> doubt(Throwable thrown) {
        return Faults.code(thrown) == null ? Future.failedFuture(thrown) : refuse(thrown, Outcome.NOBODY);
    }

    private List<Future<?>> own(Commit commit, Future<?> begun, Settled settled) {
        List<Future<?>> sent = new ArrayList<>(List.of(begun, take(commit.taken())));
        sent.add(rows.done(commit.done(), settled));
        batch(SOURCE, commit.progress(), this::source).ifPresent(sent::add);
        batch(FILE, commit.files(), this::file).ifPresent(sent::add);
        rows.dead(commit.dead(), settled).ifPresent(sent::add);
        sent.addAll(rows.enqueue(commit.enqueued()));
        if (commit.shape() != null) {
            sent.add(line.run(SHAPE, held.run(), Json.text(commit.shape())));
        }
        if (commit.trial() != null) {
            sent.add(line.run(TRIAL, held.run(), commit.trial().isEmpty() ? null : Json.text(commit.trial())));
        }
        return sent;
    }

    private <T> Optional<Future<?>> batch(String sql, List<T> values, Function<T, Tuple> row) {
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(line.connection()
                        .preparedQuery(sql)
                        .executeBatch(values.stream().map(row).toList()));
    }

    private Tuple source(Progress at) {
        return Tuple.tuple()
                .addLong(held.run())
                .addString(at.stage())
                .addString(at.part())
                .addString(Json.text(at.fingerprint()))
                .addLong(at.seq())
                .addBuffer(at.last() == null ? null : Json.bytes(at.last()))
                .addBuffer(Json.ranges(at.pending()))
                .addBoolean(at.ended());
    }

    private Tuple file(FileMark mark) {
        return Tuple.tuple()
                .addLong(held.run())
                .addString(mark.stage())
                .addString(mark.path())
                .addString(mark.host())
                .addLong(mark.length())
                .addInteger(mark.crc())
                .addString(mark.state().name());
    }

    private Future<?> take(List<Long> letters) {
        if (letters.isEmpty()) {
            return Future.succeededFuture();
        }
        return line.run(
                        "DELETE FROM millrace.dead WHERE run = $1 AND id = ANY ($2)",
                        held.run(),
                        letters.toArray(Long[]::new))
                .compose(gone -> gone.rowCount() == letters.size()
                        ? Future.succeededFuture()
                        : Future.failedFuture(Failure.of(
                                Kind.REJECTED,
                                (letters.size() - gone.rowCount())
                                        + " of the dead letters are gone: another has dropped or replayed them.")));
    }

    private Future<List<DeadLetter>> invite(Function<StoreTransaction, Future<List<DeadLetter>>> participant) {
        try {
            return participant.apply(this);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Waits for all, then fails with the first in order: those behind it fail because of it. */
    static Future<Void> all(List<? extends Future<?>> futures) {
        if (futures.isEmpty()) {
            return Future.succeededFuture();
        }
        return Future.join(futures).transform(joined -> {
            Optional<? extends Future<?>> failed =
                    futures.stream().filter(Future::failed).findFirst();
            return failed.isPresent() ? Future.failedFuture(failed.get().cause()) : Future.succeededFuture();
        });
    }

    /** Tells what a failure before COMMIT means, once the transaction is rolled back. If that fails, the line is dead. */
    private Future<Optional<Outcome>> refuse(Throwable thrown, int participant) {
        if (Faults.isAway(thrown)) {
            return Future.failedFuture(thrown);
        }
        return rollBack(
                Faults.isAgain(thrown)
                        ? Optional.empty()
                        : Optional.of(new Outcome.Refused(Faults.failure(thrown), participant)));
    }

    private Future<Optional<Outcome>> rollBack(Optional<Outcome> said) {
        return line.script("ROLLBACK").map(said);
    }

    @Override
    public <T> T connection(Class<T> type) {
        if (!type.isInstance(line.connection())) {
            throw new IllegalArgumentException("the store writes over pg-client, not over " + type.getName());
        }
        return type.cast(line.connection());
    }

    Future<Optional<Outcome>> close(RunState state, int exit) {
        return new Closing(line, held, inc, number)
                .run(state, exit)
                .transform(done ->
                        done.succeeded() ? Future.succeededFuture(Optional.of(done.result())) : doubt(done.cause()));
    }
}
