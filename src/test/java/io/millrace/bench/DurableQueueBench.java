package io.millrace.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Claimed;
import io.millrace.ledger.Commit;
import io.millrace.ledger.Enqueued;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.store.ledger.PostgresLedger;
import io.millrace.testkit.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * How many items a second go into and out of a durable queue, and does that last? One process claims rows, and in each commit settles a batch and
 * enqueues as many; every so often it says how many. In the second half a transaction is held open elsewhere, so that nothing deleted can be cleared away.
 *
 * <pre>
 * mvn -q test-compile exec:exec@bench -Dbench=DurableQueueBench -Dbench.args="seconds of each half, rows queued before, batch"
 * 2 shared cores, 1,000 rows a batch, -Xmx256m. Load average 12, a million rows queued: 29-35 k items/s in and as many out at a time;
 *   with a transaction held open 21-28 k. Load 15 to 18, 100,000 rows: 17-21 k; held open 13-18 k after half a minute as before it.
 *   Heap 30-160 MB, with three million rows queued too.
 * </pre>
 */
public final class DurableQueueBench {
    private static final int WINDOW_SECONDS = 5;
    private static final String STAGE = "pages";

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Deque<Claimed> claimed = new ArrayDeque<>();
    private final AtomicLong settled = new AtomicLong();
    private final Promise<Void> ended = Promise.promise();
    private final int batch;
    private LedgerRun run;
    private boolean claiming;
    private boolean committing;
    private volatile boolean over;

    private DurableQueueBench(int batch) {
        this.batch = batch;
    }

    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        int before = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
        int batch = args.length > 2 ? Integer.parseInt(args[2]) : 1_000;
        try (EmbeddedPostgres server =
                EmbeddedPostgres.start(Path.of("target", "bench-postgres").toAbsolutePath())) {
            new DurableQueueBench(batch).measure(options(server.address()), seconds, before);
        }
        System.exit(0);
    }

    private static PgConnectOptions options(EmbeddedPostgres.Address at) {
        return new PgConnectOptions()
                .setHost(at.socketDir().toString())
                .setPort(at.port())
                .setUser(at.user())
                .setPassword(at.password())
                .setDatabase(at.database());
    }

    private void measure(PgConnectOptions options, int seconds, int before) throws Exception {
        Ledger ledger = Await.get(PostgresLedger.connect(vertx, () -> Future.succeededFuture(options)));
        RunRequest request = new RunRequest("bench", "", JsonNodeFactory.instance.objectNode(), true, false);
        run = ((Opened.Mine) Await.get(ledger.open(request, Presence.UNHEARD))).run();
        System.out.println(Measured.of(() -> fill(before)).line("in", before));
        loop.runOnContext(start -> turn());
        windows("in and out", seconds);
        PgConnection holder = Await.get(PgConnection.connect(vertx, options));
        Await.get(holder.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM millrace.run")
                .execute());
        windows("with a transaction held open", seconds);
        over = true;
        Await.get(ended.future());
        holder.close();
        Await.get(run.close(RunState.CANCELLED, 0));
        Await.get(ledger.close());
    }

    private void fill(int rows) {
        for (int i = 0; i < rows; i += 5_000) {
            commit(Commit.NOTHING.withEnqueued(items(Math.min(5_000, rows - i))));
        }
    }

    private void commit(Commit commit) {
        if (!(Await.get(run.commit(commit)) instanceof Outcome.Committed)) {
            throw new IllegalStateException("not committed");
        }
    }

    private void windows(String what, int seconds) {
        for (int i = 0; i < seconds / WINDOW_SECONDS; i++) {
            long from = settled.get();
            long began = System.nanoTime();
            Await.get(timer());
            double rate = (settled.get() - from) / ((System.nanoTime() - began) / 1e9);
            Runtime jvm = Runtime.getRuntime();
            System.out.printf(
                    "%-30s %,9.0f items/s, heap %,d MB%n", what, rate, (jvm.totalMemory() - jvm.freeMemory()) >> 20);
        }
    }

    private Future<Void> timer() {
        Promise<Void> promise = Promise.promise();
        vertx.setTimer(Duration.ofSeconds(WINDOW_SECONDS).toMillis(), id -> promise.complete());
        return promise.future();
    }

    private void turn() {
        if (over && !committing && !claiming) {
            ended.tryComplete();
        }
        if (over) {
            return;
        }
        if (!claiming && claimed.size() < 2 * batch) {
            claiming = true;
            run.claim(STAGE, batch, null).onComplete(rows -> {
                claiming = false;
                claimed.addAll(rows.result());
                if (rows.result().isEmpty()) {
                    vertx.setTimer(1, id -> turn());
                } else {
                    turn();
                }
            });
        }
        if (!committing && !claimed.isEmpty()) {
            committing = true;
            List<Long> done = take();
            run.commit(Commit.NOTHING.withDone(done).withEnqueued(items(done.size())))
                    .onComplete(outcome -> {
                        committing = false;
                        settled.addAndGet(done.size());
                        turn();
                    });
        }
    }

    private List<Long> take() {
        List<Long> done = new ArrayList<>();
        while (!claimed.isEmpty() && done.size() < batch) {
            done.add(claimed.remove().id());
        }
        return done;
    }

    private static List<Enqueued> items(int count) {
        return LongStream.range(0, count).mapToObj(DurableQueueBench::item).toList();
    }

    private static Enqueued item(long number) {
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("url", "https://example.org/pages/" + number)
                .put("depth", number % 7)
                .put("found", "on a page of some length, as they are");
        return new Enqueued(
                STAGE, document, JsonNodeFactory.instance.objectNode().put("depth", number % 7));
    }
}
