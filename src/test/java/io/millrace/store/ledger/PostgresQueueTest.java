package io.millrace.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Enqueued;
import io.millrace.ledger.LedgerBench;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Outcome;
import io.millrace.ledger.QueueContract;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.testkit.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of queues on a real server. */
class PostgresQueueTest extends QueueContract {
    @TempDir
    static Path stateDir;

    private static Vertx vertx;
    private static EmbeddedPostgres server;
    private PostgresBench here;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = EmbeddedPostgres.start(stateDir);
    }

    @AfterAll
    static void stop() {
        Await.get(vertx.close());
        server.close();
    }

    @Override
    protected LedgerBench open() {
        here = new PostgresBench(vertx, server);
        return here;
    }

    @Test
    void rows_whose_commit_took_longer_than_that_of_later_ones_are_found() {
        LedgerRun slow = join(process()).run();
        LedgerRun run = join(process()).run();
        Promise<List<DeadLetter>> open = Promise.promise();
        Future<Outcome> late = slow.commit(
                Commit.NOTHING.withEnqueued(enqueued("s", 1, 2)).withParticipants(List.of(any -> open.future())));
        await().until(this::isIdleInTransaction);
        committed(run, Commit.NOTHING.withEnqueued(enqueued("s", 3, 10)));
        List<Integer> found = new ArrayList<>(numbers(claim(run, "s", 4)));

        open.complete(List.of());
        Await.get(late);
        await().until(() -> {
            found.addAll(numbers(claim(run, "s", 2)));
            return found.size() == 10;
        });

        assertThat(found).startsWith(3, 4, 5, 6).contains(1, 2);
    }

    @Test
    void a_long_queue_is_estimated_well_before_the_server_has_statistics() {
        LedgerRun run = join(process()).run();

        committed(run, Commit.NOTHING.withEnqueued(enqueued("s", 1, 30_000)));

        assertThat(Await.get(run.backlog()).get("s")).isBetween(20_000L, 60_000L);
    }

    @Test
    void rows_with_keys_are_enqueued_one_commit_after_another() {
        LedgerRun slow = join(process()).run();
        LedgerRun run = join(process()).run();
        Promise<List<DeadLetter>> open = Promise.promise();
        Future<Outcome> first = slow.commit(
                Commit.NOTHING.withEnqueued(List.of(keyed(1))).withParticipants(List.of(any -> open.future())));
        await().until(this::isIdleInTransaction);
        Future<Outcome> second = run.commit(Commit.NOTHING.withEnqueued(List.of(keyed(2))));
        await().until(this::somebodyWaits);

        assertThat(second.isComplete()).isFalse();
        open.complete(List.of());
        Await.get(first);
        Await.get(second);

        assertThat(numbers(Await.get(run.claim("s", 10, Set.of(1))))).containsExactly(1, 2);
    }

    private boolean isIdleInTransaction() {
        return isThere("state = 'idle in transaction'");
    }

    private boolean somebodyWaits() {
        return isThere("wait_event_type = 'Lock' AND query LIKE '%millrace queue%'");
    }

    private boolean isThere(String session) {
        return Await.get(here.admin()
                                .script("SELECT FROM pg_stat_activity WHERE application_name = 'millrace ledger' AND "
                                        + session))
                        .size()
                > 0;
    }

    private static Enqueued keyed(int number) {
        return new Enqueued("s", numbered(number), json("{}"), null, null, 1, Duration.ZERO);
    }
}
